import { marta, paolo } from '../people.ts';
import { board, comment, expect, fresh, postIdea, test, type Page } from '../test.ts';
import { words } from '../words.ts';

const say = words('it');
const results = (page: Page) => page.locator('#results');
const word = (text: string) => fresh(text).replace(/\s/g, '');

/** Opens an address again until the index has what the page should show. */
async function until(page: Page, path: string, shown: () => Promise<void>) {
  await expect(async () => {
    await page.goto(path);
    await shown();
  }).toPass();
}

/** Two ideas with a word, the first with two comments that have it too. */
async function twoIdeas(page: Page) {
  const it = word('tramoggia');
  const other = await postIdea(page, `Una ${it} in reparto`, 'Serve entro maggio.', 'it', 'prodotto').then(() => page.url());
  await postIdea(page, `Dove tenere la ${it}`, `La ${it} oggi sta in corridoio.`);
  await comment(page, `Anche la ${it} vecchia?`);
  await comment(page, `Solo la ${it} nuova.`);
  await until(page, `/search?q=${it}`, async () => {
    await expect(results(page).locator('.hit')).toHaveCount(2, { timeout: 500 });
    await expect(results(page).locator('[data-passages]')).toBeVisible({ timeout: 500 });
  });
  return { it, other };
}

test('one result an idea; further passages open in place; a facet narrows, a chip widens', async ({ as }) => {
  const page = await as(marta);
  const { it } = await twoIdeas(page);
  await page.locator('[data-passages]').click();
  await expect(page.locator('.hit .passages li').first()).toBeVisible();
  await expect(page.locator('.hit .passages a').first()).toBeFocused();

  const narrow = page.getByRole('navigation', { name: say('Narrow down') });
  await narrow.getByRole('link', { name: /^Prodotto/ }).click();
  await expect(page).toHaveURL(`/search?board=prodotto&q=${it}`);
  await expect(results(page).locator('.hit')).toHaveCount(1);
  await page.getByRole('link', { name: say('Without the filter %s', 'Prodotto') }).click();
  await expect(results(page).locator('.hit')).toHaveCount(2);
  await page.getByRole('link', { name: say('results|Newest') }).click();
  await expect(page).toHaveURL(`/search?q=${it}&sort=newest`);
  await expect(results(page).locator('.hit h3').first()).toContainText('Dove tenere');
});

test('what has not all the words comes under a line of its own', async ({ as }) => {
  const page = await as(marta);
  const { it } = await twoIdeas(page);
  await page.goto(`/search?q=${it}+corridoio+${word('inesistente')}`);
  await expect(page.getByRole('heading', { name: say('Not all the words, but close') })).toBeVisible();
  await expect(results(page).locator('#close ~ .hit').first()).toContainText(it);
});

test('a slip is read as it was meant, and one can insist on it', async ({ as }) => {
  const page = await as(marta);
  await page.goto('/search?q=parcheggoi');
  const corrected = page.locator('.corrected');
  await expect(corrected).toContainText(say('Showing results for'));
  await expect(results(page).locator('.hit').first()).toBeVisible();
  await corrected.getByRole('link', { name: 'parcheggoi' }).click();
  await expect(page).toHaveURL('/search?exact=1&q=parcheggoi');
  await expect(corrected).toHaveCount(0);
});

test('who finds nothing is helped on, up to the form of a new idea', async ({ as }) => {
  const page = await as(marta);
  const it = word('xyloteca');
  await page.goto(`/search?q=${it}&year=2001&board=${board}`);
  await expect(page.getByText(say('Nothing found.'))).toBeVisible();
  await page.getByRole('link', { name: say('Ask it as a new idea') }).click();
  await expect(page.getByLabel(say('Your idea in one sentence'))).toHaveValue(it[0]!.toUpperCase() + it.slice(1));
});

test('results come while one types, in the page and under the bar, and the keyboard reaches them', async ({ as }) => {
  const page = await as(marta);
  const { it } = await twoIdeas(page);
  await page.goto('/search');
  await page.getByLabel(say('Words to find')).pressSequentially(it.slice(0, -1));
  await expect(results(page).locator('.hit').first()).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`/search\\?q=${it.slice(0, -1)}$`));

  await page.goto('/');
  await page.keyboard.press('/');
  await page.keyboard.type(it);
  const quick = page.locator('#quick');
  await expect(quick.locator('.hit')).toHaveCount(2);
  await page.keyboard.press('ArrowDown');
  await expect(quick.locator('.hit a').first()).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(quick).toBeHidden();
  await expect(page.getByRole('searchbox', { name: say('Search') })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`/search?q=${it}`);
});

test('a search that is kept tells what is new', async ({ as, somebody }) => {
  const [mine, other] = await Promise.all([as(somebody), as(paolo)]);
  const it = word('fresatrice');
  await mine.goto(`/search?q=${it}`);
  await mine.getByRole('button', { name: say('Save this search') }).click();
  await expect(mine.getByRole('link', { name: say('Saved: you will be told') })).toBeVisible();
  await postIdea(other, `Una ${it} in prestito`);
  await expect(mine.locator('#bell')).toHaveAccessibleName(say('Notices, new: %s', 1), { timeout: 25_000 });
  await mine.goto('/notices');
  await mine.getByRole('link', { name: say('“%s” matches', `Una ${it} in prestito`) }).click();
  await expect(mine).toHaveURL(`/search?q=${it}&sort=newest`);
  await expect(mine.locator('#bell')).toHaveAccessibleName(say('Notices'));
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('passages, saving, renaming and forgetting a search are links and forms', async ({ as }) => {
    const page = await as(marta);
    const { it } = await twoIdeas(page);
    await page.locator('[data-passages]').click();
    await expect(page.locator('#passages li').first()).toBeVisible();
    await page.getByRole('main').getByRole('link', { name: say('All results') }).click();
    await page.getByRole('button', { name: say('Save this search') }).click();
    await expect(page.getByText(say('Saved. When something new matches, you will find it among your notices.'))).toBeVisible();
    await page.getByRole('link', { name: say('Saved: you will be told') }).click();
    const line = page.locator('.saved-list li').filter({ hasText: it });
    await line.getByText(say('Change')).click();
    await line.getByLabel(say('Name')).fill(`${it} di tutti`);
    await line.getByRole('button', { name: say('Save'), exact: true }).click();
    await expect(page.getByRole('heading', { name: `${it} di tutti` })).toBeVisible();
    await line.getByText(say('Change')).click();
    await line.getByRole('button', { name: say('Delete') }).click();
    await expect(page.getByRole('heading', { name: `${it} di tutti` })).toHaveCount(0);
  });
});
