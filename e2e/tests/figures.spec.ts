import { phone } from '../browser.ts';
import { accessible, fits } from '../look.ts';
import { lucia, marta } from '../people.ts';
import { expect, test, type Page } from '../test.ts';
import { words } from '../words.ts';

const say = words('it');
const main = (page: Page) => page.getByRole('main');
const table = (page: Page) => page.locator('.breakdown table');
const people = say('People who contribute');

test.beforeEach(async ({ as }) => {
  const page = await as(lucia); // months are closed when the server begins, while it answers already
  await expect(async () => {
    await page.goto('/figures');
    await expect(page.locator('.period [aria-current]')).toHaveCount(1, { timeout: 500 });
  }).toPass();
});

test('HR finds the month at a glance and goes from team to board and from month to month', async ({ as }) => {
  const page = await as(lucia);
  await page.getByRole('navigation', { name: say('Pages') }).getByRole('link', { name: say('Participation') }).click();
  await expect(page.locator('.tile')).toHaveCount(4);
  await expect(page.locator('.tile .value').first()).toHaveText(/^\d+%$/);
  await expect(page.locator('.tile .change').first()).toContainText('mese prima');

  const names = await table(page).locator('tbody th').allTextContents();
  const others = names.findIndex((name) => name.trim().startsWith('Altri ('));
  expect(others, 'small teams stand together, last').toBe(names.length - 1);
  expect(names.slice(0, -1)).toEqual(names.slice(0, -1).toSorted(new Intl.Collator('it').compare));
  await expect(table(page)).not.toContainText('Direzione');
  await expect(table(page).locator('.hidden-figure', { hasText: say('protected') }).first()).toBeVisible();
  await expect(page.locator('.why')).toContainText(say('Hidden, because it would be about fewer than %d people, or could be worked out from what stands beside it. It is not zero.', 5));

  const title = await page.getByRole('heading', { level: 1 }).textContent();
  await page.locator('.period a[rel=prev]').click();
  await expect(page).toHaveURL(/\/figures\?month=\d{4}-\d\d$/);
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText(title ?? '');
  await page.getByRole('navigation', { name: say('Broken down by') }).getByRole('link', { name: say('dimension|Board') }).click();
  await expect(page).toHaveURL(/by=board&month=/);
  await expect(table(page)).toContainText('Lavoro e spazi');
  await page.locator('.period a[rel=next]').click();
  await expect(page).toHaveURL(/\/figures\?by=board$/);

  await page.goto('/figures/nonsense', { waitUntil: 'commit' });
  await expect(main(page)).toContainText(say('There is nothing here. It may have been deleted, or the address may be wrong.'));
});

test('a chart says what its table says, and is broken where that says protected', async ({ as }) => {
  const page = await as(lucia);
  for (const path of ['/figures/listen', '/figures/respond', '/figures/lead', '/figures/health']) {
    await page.goto(path);
    for (const card of await page.locator('.measured').all()) {
      const cells = (await card.locator('.more-of table tbody td').allTextContents()).map((text) => text.trim().replace('ca. ', ''));
      const shown = cells.filter((text) => /^\d/.test(text));
      const plot = card.locator('.plot');
      expect(await plot.count()).toBe(shown.length > 1 ? 1 : 0);
      if (shown.length < 2) continue;
      const dots = await plot.locator('path').getAttribute('d') ?? '';
      expect(dots.match(/M/g)).toHaveLength(shown.length);
      expect(await plot.locator('rect').count()).toBe(cells.filter((text) => !/^\d/.test(text) && text !== '–').length);
      const told = await plot.getByRole('img').getAttribute('aria-label') ?? '';
      expect(told).toContain(shown.at(-1));
      expect(told).toContain(shown[0]);
      const seen = new Map<string, string>(); // the same number is drawn at the same height
      const heights = dots.split('M').slice(1).map((dot) => dot.replace(/^.*,|h0$/g, ''));
      shown.forEach((text, i) => { expect(seen.get(text) ?? heights[i]).toBe(heights[i]); seen.set(text, heights[i] ?? ''); });
    }
  }
});

test('everybody sees the company, and of units a kind no', async ({ as }) => {
  const page = await as(marta);
  await page.goto('/');
  await page.getByRole('link', { name: say('Does the company listen? The figures are here for everybody.') }).click();
  await expect(page.locator('.tile')).toHaveCount(4);
  await expect(page.locator('.breakdown, .by')).toHaveCount(0);
  await expect(main(page).getByRole('link', { name: say('Releases'), exact: true })).toHaveCount(0);
  await page.locator('.tile a', { hasText: people }).click();
  await expect(page).toHaveURL(/\/figures\/listen#contributors$/);
  const card = page.locator('#contributors');
  await card.getByText(say('How it is counted')).click();
  await expect(card.getByText(say('People who posted an idea, commented or voted at least once, divided by those who could.'))).toBeVisible();
  await accessible(page);
  const answer = await page.goto('/figures?by=team');
  expect(answer?.status()).toBe(403);
  await expect(main(page)).toContainText(say('Figures by team, site and board are for HR and the works council. Those of the whole company are for everybody.'));
});

test('by keyboard: months open, close with Escape, and the table can be scrolled', async ({ as }) => {
  const page = await as(lucia, { viewport: phone });
  await page.goto('/figures');
  await fits(page);
  const months = page.locator('.period summary');
  await months.focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.months a[aria-current]')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.locator('.months')).toBeHidden();
  await expect(months).toBeFocused();
  const wide = page.locator('.breakdown .wide');
  await wide.focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => wide.evaluate((el) => el.scrollLeft)).toBeGreaterThan(0);
});

test('without scripts everything is there', async ({ as }) => {
  const page = await as(lucia, { javaScriptEnabled: false });
  await page.goto('/figures');
  await page.locator('.period summary').click();
  await page.locator('.months a').first().click();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.getByRole('navigation', { name: say('Pages') }).getByRole('link', { name: say('rung|Respond') }).click();
  await expect(page.locator('.measured .plot svg').first()).toBeVisible();
});

test('on paper: no navigation, tables open, nothing cut off', async ({ as }) => {
  const page = await as(lucia, { viewport: { width: 680, height: 960 } }); // A4 within its margins
  await page.goto('/figures');
  await page.emulateMedia({ media: 'print' });
  for (const part of ['.top', '.side', '.period', '.figure-tabs', '.breakdown .by']) await expect(page.locator(part)).toBeHidden();
  await expect(page.locator('.chart .more-of td').first()).toBeVisible();
  const cut = await page.locator('.breakdown .wide').evaluate((el) => [...el.querySelectorAll('td, th')].filter((cell) => cell.getBoundingClientRect().right > document.documentElement.clientWidth + 1).length);
  expect(cut, 'cells beyond the edge of the sheet').toBe(0);
});
