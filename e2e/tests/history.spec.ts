import { marta } from '../people.ts';
import { comment, expect, fresh, postIdea, test } from '../test.ts';
import { words } from '../words.ts';

const say = words('it');

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with scripts' : 'without scripts', () => {
    test.use({ javaScriptEnabled });

    test('what an edit changed is marked, and said aloud', async ({ as }) => {
      const page = await as(marta);
      await postIdea(page, fresh('Una panca'), 'Due posti davanti al cancello.');
      await comment(page, 'Meglio di legno chiaro.');
      const href = await page.locator('#thread a.dots').getAttribute('href') ?? '';
      await page.goto(href);
      await page.getByText(say('Edit'), { exact: true }).click();
      await page.getByLabel(say('Your comment')).fill('Meglio di ferro chiaro, e bassa.');
      await page.getByRole('button', { name: say('Save') }).click();
      await expect(page.locator('#thread')).toContainText('ferro');
      await page.goto(`${href}/versions`);
      const edit = page.locator('.version');
      await expect(edit).toHaveCount(1);
      await expect(edit.locator('del')).toHaveText(`${say('Taken out:')} legno`);
      await expect(edit.locator('ins')).toHaveText([`${say('Put in:')} ferro`, `${say('Put in:')} , e bassa`]);
      await expect(edit.locator('del')).toHaveCSS('text-decoration-line', 'line-through'); // not by colour alone
      await expect(edit.locator('ins').first()).toHaveCSS('text-decoration-line', 'underline');
      await edit.getByText(say('The whole wording before this edit')).click();
      await expect(edit.locator('pre')).toHaveText('Meglio di legno chiaro.');
    });
  });
}

test('an edit from a second window shows both wordings', async ({ as }) => {
  const page = await as(marta);
  await postIdea(page, fresh('Un cancello'), 'Largo tre metri.');
  const edit = `${new URL(page.url()).pathname}/edit`;
  const other = await page.context().newPage();
  await page.goto(edit);
  await other.goto(edit);
  const body = say('What is the problem, and what do you propose?');
  await page.getByLabel(body).fill('Largo quattro metri.');
  await page.getByRole('button', { name: say('Save') }).click();
  await expect(page.locator('article')).toContainText('quattro');
  await other.getByLabel(body).fill('Largo cinque metri.');
  await other.getByRole('button', { name: say('Save') }).click();
  await expect(other.locator('.meanwhile')).toContainText('quattro');
  await expect(other.getByLabel(body)).toHaveValue('Largo cinque metri.');
  await other.getByRole('button', { name: say('Save') }).click();
  await expect(other.locator('article')).toContainText('cinque');
  await other.goto(edit.replace('edit', 'versions'));
  await expect(other.locator('.version')).toHaveCount(2);
});
