import { accessible, fits } from '../look.ts';
import { open, outside, places, type Place } from '../pages.ts';
import { aneta, caretaker, marta } from '../people.ts';
import { expect, test, type Page } from '../test.ts';

// Every page, in both languages and both lights: no errors, nothing refused by the content-security policy
// (test.ts listens), nothing too wide, nothing serious for axe.
for (const { locale, lang, colorScheme } of [
  { locale: 'it-IT', lang: 'it', colorScheme: 'light' },
  { locale: 'en-GB', lang: 'en', colorScheme: 'dark' },
] as const) {
  test.describe(`${lang}, ${colorScheme}`, () => {
    test.use({ locale, colorScheme });

    const look = async (page: Page, place: Place) => {
      expect(await open(page, place)).toBe(place.status ?? 200);
      await expect(page.locator('html')).toHaveAttribute('lang', lang);
      await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
      await fits(page);
      await accessible(page);
    };

    for (const place of places) {
      test(place.name, async ({ as, complaints }) => {
        if (place.status) complaints.expect(/Failed to load resource.*404/);
        await look(await as(caretaker), place);
      });
    }

    for (const place of outside) {
      test(place.name, async ({ page, complaints }) => {
        if (place.status) complaints.expect(/Failed to load resource.*404/);
        await look(page, place);
      });
    }
  });
}

test('home and own ideas of somebody with a history, in Italian', async ({ as }) => {
  const page = await as(marta);
  for (const path of ['/', '/mine']) {
    await page.goto(path);
    await expect(page.locator('html')).toHaveAttribute('lang', 'it');
    await fits(page);
    await accessible(page);
  }
});

test('home and own ideas of somebody with a history, in English', async ({ as }) => {
  const page = await as(aneta);
  for (const path of ['/', '/mine']) {
    await page.goto(path);
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await fits(page);
    await accessible(page);
  }
});

test('pages load nothing from anywhere else', async ({ as, baseURL }) => {
  const page = await as(caretaker);
  const foreign: string[] = [];
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== baseURL && protocol !== 'data:') foreign.push(request.url());
  });
  for (const place of places.filter(({ name }) => ['home', 'board', 'idea', 'search-found'].includes(name))) await open(page, place);
  expect(foreign).toEqual([]);
});
