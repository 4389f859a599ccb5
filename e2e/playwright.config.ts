import { defineConfig } from '@playwright/test';
import { browser, desktop, phone } from './browser.ts';

// One demo company serves the whole run; a test that stops its server, or counts what is there, starts its own.
// A browser on a busy machine drops a key now and then, about once in two thousand tests. What fails twice is
// broken; what passes at its second go is named as flaky at the end, and is to be mended.
export default defineConfig({
  testDir: 'tests',
  globalSetup: './company.ts',
  fullyParallel: true,
  workers: 2,
  retries: 1,
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
