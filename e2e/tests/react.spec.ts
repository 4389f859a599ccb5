import { marta, paolo } from '../people.ts';
import { comment, expect, fresh, postIdea, test, type Page } from '../test.ts';
import { words } from '../words.ts';

const say = words('it');

/** The comment that says something. */
const saying = (page: Page, text: string) => page.locator('#thread .comment').filter({ hasText: text }).first();

test('a reaction shows in both windows, is one’s own, and is taken back', async ({ as }) => {
  const [mine, other] = await Promise.all([as(marta), as(paolo)]);
  await postIdea(mine, fresh('Un secondo microonde'));
  const remark = fresh('Quello vecchio scalda a metà');
  await comment(mine, remark);
  await other.goto(new URL(mine.url()).pathname);

  await saying(other, remark).getByRole('link', { name: say('React') }).click();
  await other.getByRole('button', { name: say('Good point') }).click();
  const theirs = saying(other, remark).getByRole('button', { name: `${say('Good point')} 1` });
  await expect(theirs).toHaveAttribute('aria-pressed', 'true');
  const seen = saying(mine, remark).getByRole('button', { name: `${say('Good point')} 1` });
  await expect(seen).toHaveAttribute('aria-pressed', 'false');

  await seen.focus(); // the keyboard does the same
  await mine.keyboard.press('Space');
  await expect(saying(mine, remark).getByRole('button', { name: `${say('Good point')} 2` })).toBeFocused();
  await expect(saying(other, remark).getByRole('button', { name: `${say('Good point')} 2` })).toHaveAttribute('aria-pressed', 'true');

  await other.reload(); // one's own is known again
  await saying(other, remark).getByRole('button', { name: `${say('Good point')} 2`, pressed: true }).click();
  await expect(saying(mine, remark).getByRole('button', { name: `${say('Good point')} 1`, pressed: true })).toBeVisible();
});

test('the five open over the text, and Escape puts them away', async ({ as }) => {
  const page = await as(marta);
  await postIdea(page, fresh('Una tenda alla baia due'));
  const remark = fresh('Entra acqua');
  await comment(page, remark);
  await page.waitForURL(/#c\d+$/);
  const add = saying(page, remark).getByRole('link', { name: say('React') });
  await add.focus();
  await page.keyboard.press('Enter');
  const five = page.getByRole('form', { name: say('Reactions') });
  await expect(five.getByRole('button')).toHaveCount(5);
  await expect(five.getByRole('button').first()).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(five).toHaveCount(0);
  await expect(add).toBeFocused();
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('a comment’s own page has the five buttons', async ({ as }) => {
    const page = await as(marta);
    await postIdea(page, fresh('Un gancio per le chiavi'));
    const remark = fresh('Dietro la porta');
    await comment(page, remark);
    await saying(page, remark).getByRole('link', { name: say('React') }).click();
    await page.getByRole('button', { name: say('Thank you') }).click();
    await page.getByRole('button', { name: say('Thank you'), pressed: true }).click();
    await expect(page.getByRole('button', { name: say('Thank you'), pressed: false })).toBeVisible();
  });
});

test('the five stay open while others react, and a double click is two clicks', async ({ as }) => {
  const [mine, other] = await Promise.all([as(marta), as(paolo)]);
  await postIdea(mine, fresh('Una rastrelliera coperta'));
  const remark = fresh('Piove di traverso');
  await comment(mine, remark);
  await other.goto(new URL(mine.url()).pathname);
  await saying(mine, remark).getByRole('link', { name: say('React') }).click();
  const five = mine.getByRole('form', { name: say('Reactions') });
  await expect(five.getByRole('button').first()).toBeFocused();

  await saying(other, remark).getByRole('link', { name: say('React') }).click();
  await other.getByRole('button', { name: say('Thank you') }).click();
  const chip = saying(mine, remark).locator('.act').getByRole('button', { name: `${say('Thank you')} 1` });
  await expect(chip).toBeAttached();
  await expect(five.getByRole('button').first()).toBeFocused();
  await mine.keyboard.press('Escape');
  await expect(five).toHaveCount(0);

  const asked: string[] = [];
  mine.on('request', (request) => { if (request.method() === 'POST') asked.push(request.url().replace(/.*\//, '')); });
  await chip.dblclick();
  await expect.poll(() => asked).toEqual(['react', 'unreact']);
  await expect(chip).toHaveAttribute('aria-pressed', 'false');
  await expect(saying(other, remark).getByRole('button', { name: `${say('Thank you')} 1`, pressed: true })).toBeVisible();
});
