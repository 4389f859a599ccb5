import { marta, paolo } from '../people.ts';
import { expect, fresh, postIdea, test } from '../test.ts';
import { words } from '../words.ts';

const say = words('it');

test('an idea is planned, promised and done under the eyes of its author', async ({ as }) => {
  const [author, moderator] = await Promise.all([as(marta), as(paolo)]);
  const title = fresh('Un gancio per i caschi');
  await postIdea(author, title);
  const idea = new URL(author.url()).pathname;
  await moderator.goto(idea);

  await moderator.locator('#move > summary').click();
  const move = moderator.locator('#move');
  const stage = move.getByLabel(say('Stage'), { exact: true });
  await expect(move.getByLabel(say('Who sees to it'))).toBeHidden();
  await stage.selectOption({ label: say('stage|Parked') });
  await expect(move.getByLabel(say('When to look at it again'))).toBeVisible();
  await expect(move.getByLabel(say('Who sees to it'))).toBeHidden();

  await stage.selectOption({ label: say('stage|Planned') });
  await expect(move.getByLabel(say('When to look at it again'))).toBeHidden();
  const owner = move.getByLabel(say('Who sees to it'));
  await owner.pressSequentially('@marta');
  await expect(moderator.locator('#completions [role=option]').first()).toContainText('Marta Riva');
  await owner.press('Enter');
  await expect(owner).toHaveValue(/^@marta\.riva/);
  await move.getByLabel(say('By when')).fill('2099-12-31');
  await move.getByRole('button', { name: say('Move'), exact: true }).click();
  await expect(author.locator('article .stage')).toContainText(say('stage|Planned'));
  await expect(author.locator('.promise')).toContainText('Marta Riva');
  await expect(author.locator('.promise')).toContainText('31 dic 2099');
  await expect(author.locator('.path')).toContainText('Paolo Conti');

  await author.goto('/promises?state=due');
  await expect(author.getByRole('main').getByRole('link', { name: title })).toBeVisible();
  await author.goto(idea);

  await moderator.locator('#move > summary').click();
  await stage.selectOption({ label: say('stage|Done') });
  await move.getByLabel(say('Why, or what changed (shown to everyone who reads the idea)')).fill('Dodici ganci montati.');
  await move.getByLabel(say('How one knows')).fill('Nessun casco sui banchi.');
  await move.getByRole('button', { name: say('Move'), exact: true }).click();
  await expect(author.locator('.outcome')).toContainText('Nessun casco sui banchi.');
  await author.goto(`/promises?state=kept`);
  await expect(author.getByRole('main').getByText('Nessun casco sui banchi.')).toBeVisible();
});

test('an idea begun on one device is posted from another', async ({ as }) => {
  const [phone, desk] = await Promise.all([as(marta), as(marta)]);
  const title = fresh('Una panca al sole');
  await phone.goto('/boards/lavoro-e-spazi/new');
  await phone.locator('#title').fill(title);
  await phone.locator('#body').fill('Davanti al capannone due.');
  await phone.getByRole('button', { name: say('Save as draft') }).click();
  await expect(phone.locator('#drafts').getByRole('link', { name: title })).toBeVisible();

  await desk.goto('/mine');
  await desk.locator('#drafts').getByRole('link', { name: title }).click();
  await expect(desk.locator('#body')).toHaveValue('Davanti al capannone due.');
  await desk.locator('#body').fill('Davanti al capannone due, lato sud.');
  await desk.getByRole('button', { name: say('Post the idea') }).click();
  await expect(desk.locator('article .text')).toContainText('lato sud');

  await phone.goto('/boards/lavoro-e-spazi/new'); // nothing of it is left on the first device
  await expect(phone.locator('#title')).toHaveValue('');
  await phone.goto('/mine');
  await expect(phone.locator('#drafts').getByRole('link', { name: title })).toHaveCount(0);
});
