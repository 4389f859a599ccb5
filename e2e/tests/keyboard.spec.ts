import type { Locator } from '@playwright/test';
import { marta } from '../people.ts';
import { board, expect, fresh, test, type Page } from '../test.ts';
import { words } from '../words.ts';

const say = words('it');

/** Presses Tab until something is focused: somebody without a mouse has no other way. */
async function reach(page: Page, target: Locator, key = 'Tab') {
  for (let pressed = 0; pressed < 150; pressed++) {
    if (await target.evaluate((element) => element === document.activeElement)) {
      const shown = await target.evaluate((element) => {
        const box = element.getBoundingClientRect();
        return box.width > 0 && box.bottom > 0 && box.top < innerHeight;
      });
      expect(shown, 'what has the focus is in sight').toBe(true);
      return;
    }
    await page.keyboard.press(key);
  }
  throw new Error(`not reached by ${key}: ${target}`);
}

test('posting, commenting, voting and searching without a mouse', async ({ page }) => {
  await page.goto('/signin');
  await reach(page, page.getByRole('button', { name: new RegExp(`^${marta}`) }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: say('For you') })).toBeVisible();

  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: say('Skip to content') })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();

  await page.goto(`/boards/${board}`);
  await page.keyboard.press('n');
  await expect(page.getByLabel(say('Your idea in one sentence'))).toBeFocused();
  const word = fresh('tromba').replace(/\s/g, '');
  await page.keyboard.type(`Senza mouse: ${word}`);
  await reach(page, page.getByLabel(say('What is the problem, and what do you propose?')));
  await page.keyboard.type('Con le dita e basta.');
  await reach(page, page.getByRole('button', { name: say('Post the idea') }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toContainText(word);

  const box = page.locator('#comment').getByRole('textbox');
  await reach(page, box);
  await page.keyboard.type('Anche il commento.');
  await page.keyboard.press('Control+Enter');
  await expect(page.locator('#thread').getByText('Anche il commento.')).toBeVisible();

  const vote = page.getByRole('button', { name: say('Vote for this idea') });
  await reach(page, vote, 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(vote).toHaveAttribute('aria-pressed', 'true');
  await expect(vote).toContainText('1');

  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox', { name: say('Search') })).toBeFocused();
  await page.keyboard.type(word);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/search\\?q=${word}`));
  const found = page.locator('#results').getByRole('link', { name: word });
  await expect(async () => {
    await page.reload();
    await expect(found).toBeVisible({ timeout: 500 });
  }).toPass();
  await reach(page, found);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toContainText(word);
});

test('the list of keys opens and closes, and letters typed into a field are letters', async ({ as }) => {
  const page = await as(marta);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.keyboard.press('/');
  await page.keyboard.type('n?j/');
  await expect(page.getByRole('searchbox', { name: say('Search') })).toHaveValue('n?j/');
  await expect(page).toHaveURL('/');
});
