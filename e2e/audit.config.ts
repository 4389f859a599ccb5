import { defineConfig } from '@playwright/test';
import { browser, desktop } from './browser.ts';

// Not part of the tests: what needs Java or minutes. `make audit` runs it on a company of its own.
export default defineConfig({
  testDir: 'audit',
  testMatch: '*.audit.ts',
  globalSetup: './company.ts',
  workers: 1, // Lighthouse measures: nothing else may run beside it
  timeout: 300_000,
  reporter: [['list']],
  outputDir: 'test-results/audit',
  use: { ...browser, viewport: desktop },
});
