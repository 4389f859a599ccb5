import { marta, paolo } from '../people.ts';
import { addPerson } from '../server.ts';
import { newcomer } from '../people.ts';
import { comment, expect, fresh, postIdea, test, type Page } from '../test.ts';
import { words } from '../words.ts';

const say = words('it');
const form = (page: Page) => page.locator('#answer');
const text = (page: Page) => form(page).getByRole('textbox').first();

test('an answer begun by one and finished by another cites the comment that changed it', async ({ as }) => {
  const second = { ...newcomer(), roles: ['moderator'] };
  addPerson(process.env.CONVIVIO_E2E_DATA ?? '', second);
  const [author, one, other] = await Promise.all([as(marta), as(paolo), as(second)]);
  const title = fresh('Una bacheca in ogni reparto');
  await postIdea(author, title);
  const remark = fresh('In verniciatura la carta dura un giorno');
  await comment(author, remark);
  const path = new URL(author.url()).pathname;
  await Promise.all([one.goto(path), other.goto(path)]);

  await form(one).getByText(say('Answer officially')).click();
  await text(one).fill('Sì, ma di metallo.');
  await form(one).getByRole('button', { name: say('Save the draft') }).click();
  await expect(form(one)).toContainText(say('Shared draft'));

  // The other window has it without a reload, and goes on with it.
  await form(other).getByText(say('Answer officially')).click();
  await expect(text(other)).toHaveValue('Sì, ma di metallo.');
  await expect(form(other)).toContainText('Paolo');

  // One click on the comment itself cites it, seen in the first window.
  await other.locator('#thread').getByRole('listitem').filter({ hasText: remark }).getByRole('link', { name: /commento di/ }).last().click();
  await other.getByRole('button', { name: say('Cite it in the answer') }).click();
  await expect(form(other).getByRole('checkbox')).toBeChecked();
  await expect(form(one).getByRole('checkbox')).toBeChecked();

  // What one types meanwhile is not lost: both texts are shown.
  await text(one).fill('Sì, ma di metallo, da aprile.');
  await text(other).fill('Sì, ma di metallo: la prima in verniciatura.');
  await form(other).getByRole('button', { name: say('Save the draft') }).click();
  await expect(text(other)).toHaveValue('Sì, ma di metallo: la prima in verniciatura.');
  await expect(form(one)).toContainText(say('This was changed meanwhile.'));
  await form(one).getByRole('button', { name: say('Publish the answer') }).click();
  await expect(one.locator('.meanwhile')).toContainText('la prima in verniciatura');
  await expect(text(one)).toHaveValue('Sì, ma di metallo, da aprile.');
  await expect(author.locator('#answers')).not.toContainText('metallo');

  await form(other).getByRole('button', { name: say('Publish the answer') }).click();
  await expect(author.locator('#answers')).toContainText('la prima in verniciatura');
  await expect(author.locator('.changed-by')).toContainText('Marta');
  await expect(other.locator('#thread')).toContainText(say('changed the decision'));
  await expect(author.locator('#answer')).toHaveCount(0);
});
