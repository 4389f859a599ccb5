import { marta, paolo, aneta } from '../people.ts';
import { board, comment, expect, fresh, postIdea, test } from '../test.ts';
import { pathOf, say as said } from '../threads.ts';
import { words } from '../words.ts';

const say = words('it');

test('a merge and its undo are seen live in other windows', async ({ as }) => {
  const author = await as(marta);
  const [old, stays] = [fresh('Bici tra i reparti'), fresh('Biciclette per gli stabilimenti')];
  await postIdea(author, stays);
  const survivor = pathOf(author);
  await postIdea(author, old);
  const duplicate = pathOf(author);
  const note = fresh('Dodici minuti invece di venticinque');
  await comment(author, note);

  const onOld = await as(aneta);
  await onOld.goto(duplicate);
  const onNew = await as(aneta);
  await onNew.goto(survivor);
  await onNew.locator('form.vote button').click();

  const moderator = await as(paolo);
  await moderator.goto(`${duplicate}/merge?q=${survivor.split('/').at(-1)}`);
  await expect(moderator.getByRole('heading', { name: stays })).toBeVisible();
  await moderator.getByLabel(say('Reason')).fill('Dicono la stessa cosa.');
  await moderator.getByRole('button', { name: say('Merge'), exact: true }).click();
  await expect(moderator).toHaveURL(new RegExp(`${survivor}\\?at=\\d+#c\\d+$`));

  await expect(onOld).toHaveURL(new RegExp(`${survivor}\\?at=\\d+#c\\d+$`));
  await expect(onOld.locator('#thread').getByText(note)).toBeVisible();
  await expect(onNew.locator('#thread').getByText(note)).toBeVisible();
  await expect(onNew.locator('#thread .stands')).toContainText(old);
  await expect(onNew.locator('.merged-here')).toContainText(old);

  await moderator.getByText(say('Separate “%s”…').replace('%s', old)).click();
  await moderator.getByRole('button', { name: say('Separate the ideas') }).click();
  await expect(moderator).toHaveURL(new RegExp(`${duplicate}$`));
  await expect(moderator.locator('#thread').getByText(note)).toBeVisible();
  await expect(onNew.locator('#thread').getByText(note)).toHaveCount(0);
  await expect(onNew.locator('.merged-here')).not.toContainText(old);
});

test('without a script a branch becomes an idea, and an idea goes to another board', async ({ as }) => {
  const author = await as(marta);
  await postIdea(author, fresh('Mensa'));
  const idea = pathOf(author);
  const id = await said(author, idea, fresh('E i parcheggi?'));
  const moderator = await as(paolo, { javaScriptEnabled: false });
  await moderator.goto(`/comments/${id}`);
  await moderator.getByRole('link', { name: say('Make it an idea of its own…') }).click();
  const title = fresh('Parcheggi');
  await moderator.getByLabel(say('The idea in one sentence')).fill(title);
  await moderator.getByRole('button', { name: say('Make the idea') }).click();
  await expect(moderator.getByRole('heading', { level: 1, name: title })).toBeVisible();
  await moderator.goto(`${pathOf(moderator)}/move`);
  const to = await moderator.locator('#move-board option').first().getAttribute('value');
  expect(to).not.toBe(board);
  await moderator.getByRole('button', { name: say('Go on') }).click();
  await moderator.getByLabel(say('Reason')).fill('È un tema loro.');
  if (await moderator.locator('#confirm').count()) await moderator.locator('#confirm').check();
  await moderator.getByRole('button', { name: say('Move the idea') }).click();
  await expect(moderator.locator(`.idea a[href="/boards/${to}"]`)).toBeVisible();
  await author.goto(idea);
  await expect(author.locator('#thread .tombstone')).toBeVisible();
});
