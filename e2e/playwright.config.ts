import { defineConfig } from '@playwright/test';
import { browser, desktop, phone } from './browser.ts';

// One demo company serves the whole run; a test that stops its server, or counts what is there, starts its own.
export default defineConfig({
  testDir: 'tests',
  globalSetup: './company.ts',
  fullyParallel: true,
  workers: 2,
  retries: 0,
  timeout: 30_000,
  expect: { timeout: 7_000 },
  forbidOnly: true,
  reporter: [['list']],
  outputDir: 'test-results',
  use: { ...browser, screenshot: 'only-on-failure' },
  projects: [
    { name: 'desktop', use: { viewport: desktop }, testIgnore: /phone\.spec\.ts/ },
    { name: 'phone', use: { viewport: phone, hasTouch: true, isMobile: true }, testMatch: /(pages|phone|scripts-off)\.spec\.ts/ },
  ],
});
