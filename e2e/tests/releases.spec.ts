import { readFileSync } from 'node:fs';
import { phone } from '../browser.ts';
import { accessible, fits } from '../look.ts';
import { davide, lucia, marta, newcomer } from '../people.ts';
import { addPerson } from '../server.ts';
import { expect, test, type Page } from '../test.ts';
import { words } from '../words.ts';

const say = words('it');
const main = (page: Page) => page.getByRole('main');
const files = ['dictionary.csv', 'figures.csv', 'figures.jsonl', 'figures.xlsx', 'manifest.json'];

/** Asks for a release of the latest closed months, by the form, and goes on when it is ready. */
async function release(page: Page, months: number) {
  await expect(async () => { // months are closed when the server begins, while it answers already
    await page.goto('/releases');
    expect(await page.locator('#release-to option').count()).toBeGreaterThanOrEqual(12);
  }).toPass();
  const values = await page.locator('#release-to option').evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
  await page.locator('#release-from').selectOption(values[months - 1] ?? '');
  await page.locator('#release-to').selectOption(values[0] ?? '');
  await page.getByRole('button', { name: say('Make it') }).click();
  await expect(page).toHaveURL(/\/releases\/\d+$/);
  await expect(async () => {
    if (await page.locator('.files').count() === 0) await page.reload();
    await expect(page.locator('.files li')).toHaveCount(files.length, { timeout: 500 });
  }).toPass();
  return new URL(page.url()).pathname;
}

/** Takes a file by its link, as a person does. */
async function take(page: Page, name: string) {
  const coming = page.waitForEvent('download');
  await page.locator('.files').getByRole('link', { name, exact: true }).click();
  const file = await coming;
  expect(file.suggestedFilename()).toContain(name.replace(/^.*\./, '.'));
  return readFileSync(await file.path());
}

for (const scripts of [true, false]) {
  test(`HR makes a release and takes its files${scripts ? '' : ' without scripts'}`, async ({ as }) => {
    const page = await as(lucia, { javaScriptEnabled: scripts });
    const path = await release(page, 2);
    expect((await page.locator('.files b').allTextContents()).toSorted()).toEqual(files);

    const book = await take(page, 'figures.xlsx');
    expect(book.subarray(0, 2).toString()).toBe('PK');
    const csv = (await take(page, 'figures.csv')).toString();
    expect(csv.startsWith('\ufeff')).toBe(true);
    const shown = Number((await page.locator('.lead').textContent())?.match(/([\d.]+) valor/)?.[1]?.replace('.', ''));
    expect(csv.trimEnd().split('\r\n').length - 1, 'a line for each figure that the page counts').toBe(shown);
    expect(csv).not.toContain('Direzione');

    expect(await release(page, 2), 'the same request is the same release').toBe(path);
    expect((await take(page, 'figures.xlsx')).equals(book)).toBe(true);
    await page.goto('/releases');
    await expect(page.locator(`.releases a[href="${path}"]`)).toBeVisible();
  });
}

test('a release of a year is short on a phone: months are folded, and open by keyboard', async ({ as }) => {
  const page = await as(lucia, { viewport: phone });
  await release(page, 12);
  await fits(page);
  const teams = page.locator('.breakdown').first().locator('details.month');
  await expect(teams).toHaveCount(12);
  await expect(teams.last().locator('table')).toBeVisible();
  await expect(teams.first().locator('table')).toBeHidden();
  await teams.first().locator('summary').focus();
  await page.keyboard.press('Enter');
  await expect(teams.first().locator('table')).toBeVisible();
  await accessible(page);
});

test('on paper: every month and the dictionary, nothing cut off, no navigation', async ({ as }) => {
  const page = await as(lucia, { viewport: { width: 1032, height: 703 } }); // A4 across within its margins
  await release(page, 3);
  await page.emulateMedia({ media: 'print' });
  for (const part of ['.top', '.side', '.figure-tabs']) await expect(page.locator(part)).toBeHidden();
  await expect(page.locator('details.month summary').first()).toBeVisible();
  await expect(page.locator('details.month').first().locator('td').first()).toBeVisible();
  await expect(page.locator('.dictionary dd').first()).toBeVisible();
  const cut = await main(page).evaluate((el) => [...el.querySelectorAll('td, th, dd')].filter((cell) => cell.getBoundingClientRect().right > document.documentElement.clientWidth + 1).length);
  expect(cut, 'cells beyond the edge of the sheet').toBe(0);
});

test('the works council reads every release and makes none', async ({ as }) => {
  const path = await release(await as(lucia), 2);
  const council = { ...newcomer(), roles: ['council'] };
  addPerson(process.env.CONVIVIO_E2E_DATA ?? '', council);
  const page = await as(council);
  await page.goto('/releases');
  await expect(page.locator(`.releases a[href="${path}"]`)).toBeVisible();
  await expect(main(page).getByRole('button')).toHaveCount(0);
  await page.locator(`.releases a[href="${path}"]`).click();
  expect((await take(page, 'manifest.json')).toString()).toContain('"least_group": 5');
});

test('everybody else gets a kind no, and reads of how many releases they were part', async ({ as }) => {
  const path = await release(await as(lucia), 2);
  for (const who of [marta, davide]) {
    const page = await as(who);
    for (const address of ['/releases', path]) {
      const answer = await page.goto(address);
      expect(answer?.status(), `${who} ${address}`).toBe(403);
      await expect(main(page)).toContainText(say('Releases are for HR and the works council.'));
    }
    expect((await page.request.get(`${path}/files/figures.csv`)).status()).toBe(403);
  }
  const page = await as(marta);
  await page.goto('/figures');
  await expect(main(page)).toContainText(/I tuoi dati facevano parte di \d+ esportazion[ei]\./);
  await main(page).getByRole('link', { name: say('Releases you were part of') }).last().click();
  await expect(page.locator('.releases li').first()).toBeVisible();
  await expect(page.locator('.releases a, .files')).toHaveCount(0);
  await accessible(page);
});
