import { marta, paolo } from '../people.ts';
import { expect, fresh, postIdea, test } from '../test.ts';
import { longThread, pathOf, say as comment } from '../threads.ts';
import { words } from '../words.ts';

const say = words('it');

for (const javaScriptEnabled of [true, false]) {
  test(`a comment’s time leads into the thread, opened and marked${javaScriptEnabled ? '' : ', without a script'}`, async ({ as }) => {
    const author = await as(marta);
    await postIdea(author, fresh('Tettoia per le bici'));
    const idea = pathOf(author);
    const ids = await longThread(author, idea);
    const deep = await comment(author, idea, fresh('Nel profondo'), ids[5]);
    const reader = await as(paolo, { javaScriptEnabled });
    await reader.goto(`/comments/${deep}/in-thread`);
    await expect(reader).toHaveURL(new RegExp(`${idea}\\?at=${deep}#c${deep}$`));
    const spot = reader.locator(`#c${deep} > .said`);
    await expect(spot).toBeInViewport();
    await expect(reader.locator(`#c${deep}:target`)).toHaveCount(1);
    await expect(reader.locator(`#c${ids[5]}`), 'what it replies to is there').toBeVisible();
    if (javaScriptEnabled) await expect(spot).toBeFocused();
    await reader.locator(`#c${ids[5]} > .said .at`).click();
    await expect(reader.locator(`#c${ids[5]} > .said`)).toBeInViewport();
    await expect(reader).toHaveURL(new RegExp(`#c${ids[5]}$`));
  });
}

test('a comment’s own page shows what it replies to, what may be done, and its branch', async ({ as }) => {
  const author = await as(marta);
  await postIdea(author, fresh('Rampa per i carrelli'));
  const idea = pathOf(author);
  const root = await comment(author, idea, fresh('La radice'));
  const middle = await comment(author, idea, fresh('Il mezzo'), root);
  const leaf = await comment(author, idea, fresh('La foglia'), middle);
  await author.goto(`/comments/${middle}`);
  await expect(author.locator('.above')).toContainText('La radice');
  await expect(author.locator('.single')).toContainText('Il mezzo');
  await expect(author.locator(`#thread #c${leaf}`)).toContainText('La foglia');
  await author.getByRole('link', { name: say('See it in the thread') }).click();
  await expect(author.locator(`#c${middle}:target`)).toBeInViewport();
});

test('an answer names whose comment changed the decision, and leads to it', async ({ as }) => {
  const [author, moderator] = await Promise.all([as(marta), as(paolo)]);
  await postIdea(author, fresh('Guanti più sottili'));
  const idea = pathOf(author);
  const why = await comment(author, idea, fresh('Con quelli spessi non si sente la vite'));
  await moderator.goto(`/comments/${why}`);
  await moderator.getByRole('button', { name: say('Cite it in the answer') }).click();
  await moderator.locator('#answer-body').fill('Ordinati.');
  await moderator.getByRole('button', { name: say('Publish the answer') }).click();
  await expect(author.locator('#answers')).toContainText('Ordinati.');
  await author.locator('#answers').getByRole('link', { name: say('the comment by %s', marta) }).click();
  await expect(author.locator(`#c${why}`)).toBeInViewport();
  await expect(author.locator(`#c${why}`)).toHaveClass(/cited/);
});
