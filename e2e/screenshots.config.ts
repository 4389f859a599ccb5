import { defineConfig } from '@playwright/test';
import { browser } from './browser.ts';

// Not part of the tests: pictures of every page, to be looked at by people.
export default defineConfig({
  testDir: '.',
  testMatch: 'screenshots.ts',
  globalSetup: './company.ts',
  fullyParallel: true,
  workers: 2,
  timeout: 120_000,
  reporter: [['line']],
  outputDir: 'test-results',
  use: { ...browser },
});
