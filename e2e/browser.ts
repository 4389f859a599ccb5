// The two widths every page is looked at, and how the system's Chromium is started.
export const desktop = { width: 1280, height: 900 };
export const phone = { width: 390, height: 844 };

export const browser = {
  browserName: 'chromium',
  locale: 'it-IT',
  timezoneId: 'Europe/Rome',
  launchOptions: {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync',
    ],
  },
} as const;
