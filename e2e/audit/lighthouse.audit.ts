import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from '@playwright/test';
import { browser, phone } from '../browser.ts';
import { hundredComments } from '../long.ts';
import { marta } from '../people.ts';
import { board, expect, signIn, test } from '../test.ts';

const lighthouse = fileURLToPath(new URL('node_modules/lighthouse/cli/index.js', import.meta.url));

interface Report {
  categories: Record<string, { score: number; auditRefs: { id: string; weight: number }[] }>;
  audits: Record<string, { score: number | null; title: string; numericValue?: number; displayValue?: string }>;
  runtimeError?: { message: string };
}

// Lighthouse on a phone at slow 4G, as somebody signed in: it visits with the browser's own cookie.
test('home, board, a long idea and search are fast, open to everyone and well made', async ({ baseURL }) => {
  const port = await freePort();
  const profile = mkdtempSync(join(tmpdir(), 'convivio-lighthouse-'));
  const context = await chromium.launchPersistentContext(profile, {
    ...browser.launchOptions, args: [...browser.launchOptions.args, `--remote-debugging-port=${port}`],
    baseURL, locale: browser.locale, viewport: phone,
  });
  try {
    const page = await context.newPage();
    await signIn(page, marta);
    const idea = await hundredComments(page);
    await page.close(); // what is open would stay live, and take part in the measurement
    for (const [name, path] of [['home', '/'], ['board', `/boards/${board}`], ['idea', idea], ['search', '/search?q=riunione']] as const) {
      await test.step(name, async () => judge(name, await quietest(`${baseURL}${path}`, port)));
    }
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
});

/** The fastest of up to three visits: whatever else the machine does can only make a page slower. */
async function quietest(url: string, port: number) {
  let best = await visit(url, port);
  for (let again = 0; again < 2 && speed(best) < 0.98; again++) {
    const next = await visit(url, port);
    if (speed(next) > speed(best)) best = next;
  }
  return best;
}

const speed = (report: Report) => report.categories.performance?.score ?? 0;

async function visit(url: string, port: number) {
  const { stdout } = await promisify(execFile)(process.execPath, [lighthouse, url, `--port=${port}`, '--output=json', '--quiet',
    '--only-categories=performance,accessibility,best-practices', '--no-enable-error-reporting'], { maxBuffer: 64 << 20 });
  return JSON.parse(stdout) as Report;
}

function judge(name: string, report: Report) {
  expect(report.runtimeError, `${name}: ran`).toBeUndefined();
  const figure = (audit: string) => report.audits[audit]?.numericValue ?? NaN;
  const score = (category: string) => report.categories[category]?.score ?? 0;
  const [lcp, cls] = [figure('largest-contentful-paint'), figure('cumulative-layout-shift')];
  console.log(`${name}: performance ${score('performance')}, accessibility ${score('accessibility')}, best practices ${score('best-practices')}, `
    + `largest paint ${Math.round(lcp)} ms, shift ${cls.toFixed(4)}, blocked ${Math.round(figure('total-blocking-time'))} ms, ${Math.round(figure('total-byte-weight') / 1024)} KB`);
  for (const category of ['performance', 'accessibility', 'best-practices']) {
    const lost = report.categories[category].auditRefs
      .filter(({ id, weight }) => weight > 0 && (report.audits[id]?.score ?? 1) < 0.9)
      .map(({ id }) => `${id}: ${report.audits[id].title} ${report.audits[id].displayValue ?? ''}`);
    expect.soft(score(category), `${category} of ${name}; lost by ${lost.join('; ')}`).toBeGreaterThanOrEqual(0.98);
  }
  expect.soft(lcp, `largest paint of ${name}, ms`).toBeLessThan(1600);
  expect.soft(cls, `layout shift of ${name}`).toBeLessThanOrEqual(0.02);
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
