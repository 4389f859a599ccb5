import type { Locator } from '@playwright/test';
import { marta, paolo } from '../people.ts';
import { board, expect, fresh, postIdea, test, type Page } from '../test.ts';
import { longThread, pathOf } from '../threads.ts';
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
  const field = page.getByRole('searchbox', { name: say('Search') });
  await expect(field).toBeFocused();
  await page.keyboard.type('n?j/');
  await expect(field).toHaveValue('n?j/');
  await expect(page).toHaveURL('/');
});

test('a key pressed while the sheet is still closing is not lost', async ({ as }) => {
  const page = await as(marta);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.evaluate(() => { // between two frames, as when the machine is busy
    document.querySelector<HTMLDialogElement>('dialog[open]')?.close();
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: '/', bubbles: true, cancelable: true }));
  });
  await expect(page.getByRole('searchbox', { name: say('Search') })).toBeFocused();
});

test('keys of one letter can be turned off on a device, and on again from the menu', async ({ as }) => {
  const page = await as(marta);
  const sheet = page.getByRole('dialog');
  const tick = sheet.getByRole('checkbox', { name: say('Use the keys that are a single letter or sign') });
  await page.keyboard.press('?');
  await tick.uncheck();
  await page.keyboard.press('Escape');
  await page.goto(`/boards/${board}`);
  for (const key of ['j', '/', '?', 'n']) await page.keyboard.press(key);
  await expect(page).toHaveURL(`/boards/${board}`);
  await expect(page.locator('main a:focus, input:focus, dialog[open]')).toHaveCount(0);

  const menu = page.getByLabel(say('Your menu'));
  await menu.click();
  await page.getByRole('button', { name: say('Keys') }).click();
  await tick.check();
  await page.keyboard.press('Escape');
  await expect(menu).toBeFocused();
  await page.reload();
  await page.keyboard.press('j');
  await expect(page.locator('#ideas h3 a').first()).toBeFocused();
});

test('j and k pass what is folded, and work where nothing can be replied', async ({ as }) => {
  const page = await as(paolo);
  await postIdea(page, fresh('Tasti e rami'));
  const idea = pathOf(page);
  const ids = await longThread(page, idea, 2, 2);
  await page.request.post(`${idea}/lock`, { form: { key: fresh('k').replace(/\W/g, '').padEnd(16, '0') }, headers: { Origin: new URL(page.url()).origin } });
  await page.goto(`${idea}?sort=oldest`);
  await expect(page.locator('.locked').first()).toBeVisible();
  await page.locator(`#c${ids[0]} > .branch`).evaluate((el) => el.removeAttribute('open'));
  const at = (id: string) => page.locator(`#c${id} > .said .at`);
  await page.keyboard.press('j');
  await expect(at(ids[0])).toBeFocused();
  await page.keyboard.press('j');
  await expect(at(ids[3])).toBeFocused();
  await page.keyboard.press('j');
  await expect(at(ids[4])).toBeFocused();
  await page.keyboard.press('k');
  await expect(at(ids[3])).toBeFocused();
});
