import { hundredComments } from '../long.ts';
import { marta } from '../people.ts';
import { expect, test } from '../test.ts';

const KB = 1024;

// What a first visit to a long idea costs over the wire, headers included, as the browser itself counts it.
test('an idea with a hundred comments is light', async ({ as }) => {
  const page = await as(marta, { serviceWorkers: 'block' }); // nothing is kept on the device yet
  const idea = await hundredComments(page);
  const browser = await page.context().newCDPSession(page);
  await browser.send('Network.enable');
  await browser.send('Network.clearBrowserCache');
  const kinds = new Map<string, string>();
  const weights = new Map<string, number>();
  browser.on('Network.responseReceived', ({ requestId, type }) => kinds.set(requestId, type));
  browser.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const kind = kinds.get(requestId) ?? 'none';
    weights.set(kind, (weights.get(kind) ?? 0) + encodedDataLength);
  });
  await page.goto(idea);
  await expect(page.locator('#thread .comment')).toHaveCount(100);
  const of = (...kind: string[]) => kind.reduce((sum, k) => sum + (weights.get(k) ?? 0), 0);
  console.log([...weights].map(([kind, bytes]) => `${kind} ${(bytes / KB).toFixed(1)} KB`).join(', '));
  expect(of('Document'), 'the page was weighed').toBeGreaterThan(KB);
  expect(of('Stylesheet'), 'so were its styles').toBeGreaterThan(KB);
  expect.soft(of('Script'), 'scripts').toBeLessThanOrEqual(25 * KB);
  expect.soft(of('Document', 'Stylesheet', 'Script'), 'page, styles and scripts').toBeLessThanOrEqual(70 * KB);
});
