import { desktop, phone } from './browser.ts';
import { open, outside, places } from './pages.ts';
import { caretaker, marta } from './people.ts';
import { test } from './test.ts';

for (const [width, viewport] of [['1280', desktop], ['390', phone]] as const) {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const locale of ['it-IT', 'en-GB']) {
      const lang = locale.slice(0, 2);
      const name = (page: string) => `screenshots/${page}-${width}-${colorScheme}-${lang}.png`;
      test.describe(name('*'), () => {
        test.use({ viewport, colorScheme, locale, isMobile: width === '390', hasTouch: width === '390' });

        test('pages', async ({ as, page }) => {
          for (const place of outside) {
            await open(page, place);
            await page.screenshot({ path: name(place.name), fullPage: true });
          }
          const inside = await as(caretaker);
          for (const place of places) {
            await open(inside, place);
            await inside.screenshot({ path: name(place.name), fullPage: true });
          }
          if (lang !== 'it') return;
          const reader = await as(marta);
          for (const [label, path] of [['home-marta', '/'], ['mine-marta', '/mine']] as const) {
            await reader.goto(path);
            await reader.screenshot({ path: name(label), fullPage: true });
          }
        });
      });
    }
  }
}
