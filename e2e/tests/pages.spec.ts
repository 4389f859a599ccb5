import { accessible, fits, still, watchShifts } from '../look.ts';
import { open, outside, places, type Place } from '../pages.ts';
import { aneta, caretaker, marta } from '../people.ts';
import { expect, test, type Page } from '../test.ts';
import type { Lang } from '../words.ts';

// Every page, in both languages and both lights: no errors, nothing refused by the content-security policy
// (test.ts listens), nothing from elsewhere, nothing too wide, no finding of axe's. Colours are the same in
// every language: one is looked at by day, the other by night.
for (const { locale, lang, colorScheme } of [
  { locale: 'it-IT', lang: 'it', colorScheme: 'light' },
  { locale: 'en-GB', lang: 'en', colorScheme: 'dark' },
] as const) {
  test.describe(lang, () => {
    test.use({ locale, colorScheme });

    for (const group of new Set(places.map((place) => place.group))) {
      test(group, async ({ as, baseURL }) => {
        test.slow();
        const page = await as(caretaker);
        const foreign = strangers(page, baseURL);
        for (const place of places.filter((place) => place.group === group)) await look(page, place, lang);
        expect(foreign, 'nothing is asked of other hosts').toEqual([]);
      });
    }

    test('outside', async ({ page }) => {
      for (const place of outside) await look(page, place, lang);
    });
  });
}

test('nothing moves once a page is shown', async ({ as }) => {
  test.slow();
  const page = await as(caretaker);
  await watchShifts(page);
  for (const place of places) {
    await open(page, place);
    await still(page);
  }
});

/** Looks at a place. */
async function look(page: Page, place: Place, lang: Lang) {
  await test.step(place.name, async () => {
    expect.soft(await open(page, place), `status of ${page.url()}`).toBe(place.status ?? 200);
    await expect.soft(page.locator('html')).toHaveAttribute('lang', lang);
    await expect.soft(page.getByRole('heading', { level: 1 })).toHaveCount(1);
    await fits(page);
    await accessible(page);
  });
}

/** Collects what a page asks of anybody but its own server. */
function strangers(page: Page, own?: string) {
  const foreign: string[] = [];
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== own && !['data:', 'blob:'].includes(protocol)) foreign.push(request.url());
  });
  page.on('websocket', (socket) => {
    if (new URL(socket.url()).host !== new URL(own ?? '').host) foreign.push(socket.url());
  });
  return foreign;
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
