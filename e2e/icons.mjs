// Draws the icons of the installed app from their two drawings: convivio.svg with its round corners, and icon.svg,
// whose sign stands inside the circle that a phone may cut out of it.
import { readFileSync, writeFileSync } from 'node:fs';
import { chromium } from '@playwright/test';

const folder = new URL('../static/img/', import.meta.url);
const icons = [
  ['convivio.svg', 'icon-192.png', 192], ['convivio.svg', 'icon-512.png', 512],
  ['icon.svg', 'icon-maskable-512.png', 512], ['icon.svg', 'icon-180.png', 180],
];

const chrome = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
for (const [drawing, name, size] of icons) {
  const page = await chrome.newPage({ viewport: { width: size, height: size } });
  const source = readFileSync(new URL(drawing, folder)).toString('base64');
  await page.setContent(`<style>body { margin: 0 } img { display: block; width: ${size}px }</style><img src="data:image/svg+xml;base64,${source}">`);
  await page.locator('img').evaluate((img) => img.decode());
  writeFileSync(new URL(name, folder), await page.screenshot({ omitBackground: true }));
  await page.close();
}
await chrome.close();
