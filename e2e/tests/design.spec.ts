import { desktop, phone } from '../browser.ts';
import { caretaker } from '../people.ts';
import { expect, test } from '../test.ts';

// Pictures of every component in every state, kept with what the tests put out.
// pages.spec.ts looks at the same page for faults.
for (const [width, viewport] of [['1280', desktop], ['390', phone]] as const) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`every component, ${width} wide, ${colorScheme}`, async ({ as }, info) => {
      const page = await as(caretaker, { viewport, colorScheme });
      await page.goto('/design');
      await expect(page.locator('.shown')).not.toHaveCount(0);
      await page.screenshot({ path: info.outputPath('design.png'), fullPage: true });
    });
  }
}

test('every component where the system chooses the colours', async ({ as }, info) => {
  const page = await as(caretaker, { forcedColors: 'active', viewport: desktop });
  await page.goto('/design');
  await page.screenshot({ path: info.outputPath('design.png'), fullPage: true });
  const lost = await page.evaluate(() => [...document.querySelectorAll('main .icon')]
    .filter((icon) => icon.checkVisibility() && getComputedStyle(icon).backgroundColor === getComputedStyle(document.body).backgroundColor)
    .map((icon) => icon.className));
  expect(lost, 'no icon disappears').toEqual([]);
});
