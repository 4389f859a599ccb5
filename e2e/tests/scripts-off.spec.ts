import { caretaker, marta, paolo } from '../people.ts';
import { board, comment, expect, fresh, postIdea, test } from '../test.ts';
import { words } from '../words.ts';

const say = words('it');

// Every action is a link or a form. Each runs here in a browser that executes no script at all.
test.use({ javaScriptEnabled: false });

test('signing in, out, and in again where one wanted to go', async ({ as, page, somebody }) => {
  await page.goto(`/boards/${board}`);
  await expect(page).toHaveURL(/\/signin/);
  await page.getByLabel(say('E-mail')).fill(somebody.email);
  await page.getByLabel(say('Password'), { exact: true }).fill('non è questa la parola');
  await page.getByRole('button', { name: say('Sign in'), exact: true }).click();
  await expect(page.getByRole('alert').or(page.locator('.fault')).first()).toBeVisible();
  await expect(page.getByLabel(say('E-mail'))).toHaveValue(somebody.email);
  await page.getByLabel(say('Password'), { exact: true }).fill(somebody.password);
  await page.getByRole('button', { name: say('Sign in'), exact: true }).click();
  await expect(page).toHaveURL(`/boards/${board}`);

  const other = await as(somebody);
  await other.goto('/account');
  await other.getByRole('button', { name: say('Sign out everywhere else') }).click();
  await page.reload();
  await expect(page).toHaveURL(/\/signin/);

  await other.getByLabel(say('Your menu')).click();
  await other.getByRole('button', { name: say('Sign out'), exact: true }).click();
  await other.goto('/account');
  await expect(other).toHaveURL(/\/signin/);
});

test('posting, editing and deleting an idea', async ({ as }) => {
  const page = await as(marta);
  await page.goto('/');
  await page.getByRole('link', { name: say('New idea') }).click();
  await page.getByRole('main').getByRole('link').filter({ hasText: /Lavoro/ }).click();
  await page.getByLabel(say('Your idea in one sentence')).fill('');
  const title = fresh('Una bacheca per i ricambi');
  await page.getByLabel(say('Your idea in one sentence')).fill(title);
  await page.getByLabel(say('What is the problem, and what do you propose?')).fill('Si cercano **ogni giorno**.');
  await page.getByLabel(say('Tags')).fill('ricambi magazzino');
  await page.getByRole('button', { name: say('Post the idea') }).click();
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  await expect(page.locator('article strong')).toHaveText('ogni giorno');

  const path = new URL(page.url()).pathname;
  await page.getByLabel(say('What you can do with this idea')).click();
  await page.getByRole('link', { name: say('Edit'), exact: true }).click();
  await page.getByLabel(say('Your idea in one sentence')).fill(`${title}, con foto`);
  await page.getByRole('button', { name: say('Save'), exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: `${title}, con foto` })).toBeVisible();
  await page.getByRole('link', { name: say('idea|edited') }).click();
  await expect(page.locator('.version ins').first()).toContainText('con foto');

  await page.goto(path);
  await page.getByLabel(say('What you can do with this idea')).click();
  await page.getByText(say('Delete…')).click();
  await page.getByRole('button', { name: say('Delete for good') }).click();
  expect((await page.goto(path))?.status()).toBe(404);
});

test('commenting, replying, editing and deleting a comment', async ({ as }) => {
  const page = await as(marta);
  await postIdea(page, fresh('Orari del bar più lunghi'));
  await comment(page, 'Alle sette è chiuso.');
  await page.locator('#thread').getByRole('link', { name: say('Reply') }).click();
  await page.getByLabel(say('Your reply')).fill('E alle venti pure.');
  await page.getByRole('button', { name: say('Reply'), exact: true }).click();
  await expect(page.locator('#thread li li').getByText('E alle venti pure.')).toBeVisible();

  const first = page.locator('#thread > li');
  await first.locator('.dots').first().click();
  await page.getByText(say('Edit'), { exact: true }).click();
  await page.getByLabel(say('Your comment')).fill('Alle sette e mezza è chiuso.');
  await page.getByRole('button', { name: say('Save'), exact: true }).click();
  await expect(page.getByText('Alle sette e mezza è chiuso.').first()).toBeVisible();
  if (!/\/comments\//.test(page.url())) await first.locator('.dots').first().click();
  await page.getByRole('link', { name: say('Earlier wordings') }).click();
  await expect(page.locator('.version ins')).toContainText('e mezza');
  await page.getByText(say('The whole wording before this edit')).click();
  await expect(page.getByText('Alle sette è chiuso.')).toBeVisible();

  await page.getByRole('link', { name: say('A comment by %s', marta) }).click();
  await page.getByText(say('Delete…')).click();
  await page.getByRole('button', { name: say('Delete for good') }).click();
  await expect(page.getByText(say('Comment deleted')).first()).toBeVisible();
  await expect(page.getByText('E alle venti pure.')).toBeVisible();
  await expect(page.getByText('Alle sette e mezza')).toHaveCount(0);
});

test('voting and taking the vote back', async ({ as }) => {
  const page = await as(marta);
  await postIdea(page, fresh('Un filtro nuovo per l’acqua'));
  const vote = page.getByRole('button', { name: say('Vote for this idea') });
  await vote.click();
  await expect(vote).toHaveAttribute('aria-pressed', 'true');
  await expect(vote).toContainText('1');
  await vote.click();
  await expect(vote).toHaveAttribute('aria-pressed', 'false');
  await expect(vote).toContainText('0');
});

test('answering, moving and locking an idea as a moderator', async ({ as }) => {
  const page = await as(paolo);
  await postIdea(page, fresh('Il cancello che non chiude'));
  await comment(page, 'Ieri è rimasto aperto tutta la notte.');
  const idea = new URL(page.url()).pathname;
  await page.getByText(say('Answer officially')).click();
  await page.locator('#answer').getByRole('textbox').fill('Il fabbro viene giovedì.');
  await page.locator('#answer').getByRole('checkbox').first().check();
  await page.getByRole('button', { name: say('Publish the answer') }).click();
  await expect(page.locator('#answers')).toContainText('Il fabbro viene giovedì.');
  await expect(page.locator('#thread')).toContainText(say('changed the decision'));

  await page.getByText(say('Move to another stage')).first().click();
  const move = page.locator('#move');
  await move.getByLabel(say('Stage'), { exact: true }).selectOption({ label: say('stage|In progress') });
  await move.getByLabel(say('Who sees to it')).fill('@paolo.conti');
  await move.getByLabel(say('By when')).fill('2099-12-31');
  await move.getByLabel(say('Why, or what changed (shown to everyone who reads the idea)')).fill('Lavori in corso.');
  await page.getByRole('button', { name: say('Move'), exact: true }).click();
  await expect(page.locator('.stage').first()).toContainText(say('stage|In progress'));
  await expect(page.getByText('Lavori in corso.').first()).toBeVisible(); // under the text, and on its path

  await page.goto(idea);
  await page.getByLabel(say('What you can do with this idea')).click();
  await page.getByRole('button', { name: say('Lock: nothing more can be added') }).click();
  await expect(page.locator('.locked')).toBeVisible();
  await expect(page.locator('#comment')).toHaveCount(0);
});

test('making a board, its members and its settings', async ({ as }) => {
  const page = await as(caretaker);
  const slug = fresh('prova').replace(/\s/g, '-');
  await page.goto('/boards');
  await page.getByRole('link', { name: say('New board') }).click();
  await page.getByLabel(say('Name'), { exact: true }).fill('Gruppo di prova');
  await page.getByLabel(say('Address'), { exact: true }).fill('Non va bene!');
  await page.getByRole('radio').last().check();
  await page.getByRole('button', { name: say('Create the board') }).click();
  await expect(page.locator('[aria-invalid=true]')).toHaveValue('Non va bene!');
  await expect(page.getByRole('radio').last()).toBeChecked();
  await page.getByLabel(say('Address'), { exact: true }).fill(slug);
  await page.getByRole('button', { name: say('Create the board') }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Gruppo di prova' })).toBeVisible();

  await page.goto(`/boards/${slug}/members`);
  await page.getByRole('main').getByRole('searchbox').fill('Riva');
  await page.getByRole('button', { name: say('Find') }).click();
  await page.getByRole('button', { name: say('Add %s', marta) }).click();
  await expect(page.getByRole('main').getByRole('link', { name: marta })).toBeVisible();
  const member = await as(marta);
  expect((await member.goto(`/boards/${slug}`))?.status()).toBe(200);
  await page.goto(`/boards/${slug}/members`);
  await page.getByRole('button', { name: say('Remove %s', marta) }).click();
  await expect(page.getByRole('main').getByRole('link', { name: marta })).toHaveCount(0);
  expect((await member.goto(`/boards/${slug}`))?.status()).toBe(404);

  await page.goto(`/boards/${slug}/edit`);
  await page.getByLabel(say('Name'), { exact: true }).fill('Gruppo di prova, ancora');
  await page.getByRole('button', { name: say('Save'), exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Gruppo di prova, ancora' })).toBeVisible();
});

test('searching, and narrowing the search', async ({ as }) => {
  const page = await as(marta);
  const word = fresh('zampogna').replace(/\s/g, '');
  await postIdea(page, `Musica in pausa: ${word}`);
  await expect(async () => {
    await page.goto(`/search?q=${word}`);
    await expect(page.locator('#results').getByRole('link', { name: word })).toBeVisible({ timeout: 500 });
  }).toPass();
  await page.goto('/search');
  await page.getByLabel(say('Words to find')).fill(`  ${word} `);
  await page.getByText(say('Period')).click();
  await page.getByLabel(say('To'), { exact: true }).fill('2001-01-01');
  await page.getByRole('main').getByRole('button', { name: say('Apply') }).click();
  await expect(page).toHaveURL(`/search?q=${word}&to=2001-01-01`);
  await expect(page.getByText(say('Nothing found.'))).toBeVisible();
  await page.getByRole('link', { name: say('Search without them') }).click();
  await expect(page.locator('#results').getByRole('link', { name: word })).toBeVisible();
});

test('changing one’s language and password, and making and removing a token', async ({ as, somebody }) => {
  const page = await as(somebody);
  await page.goto('/account');
  await page.getByLabel(say('Language'), { exact: true }).last().selectOption('en');
  await page.getByRole('main').getByRole('button', { name: say('Save'), exact: true }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page.getByRole('heading', { level: 1, name: 'My account' })).toBeVisible();
  await page.getByLabel('Language', { exact: true }).last().selectOption('');
  await page.getByRole('main').getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'it');

  await page.getByLabel(say('Current password')).fill(somebody.password);
  await page.getByLabel(say('New password'), { exact: true }).fill('corta');
  await page.getByLabel(say('Repeat the password')).fill('corta');
  await page.getByRole('button', { name: say('Change the password') }).click();
  await expect(page.locator('[aria-invalid=true]')).toHaveCount(1);

  const name = fresh('Relazione');
  await page.getByLabel(say('What is it for?')).fill(name);
  await page.getByRole('button', { name: say('Create a token') }).click();
  const key = await page.getByLabel(say('Copy the token now: it is not shown again.')).inputValue();
  const answer = await page.request.get('/api/v1/me', { headers: { Authorization: `Bearer ${key}`, Cookie: '' } });
  expect(answer.status()).toBe(200);
  await page.getByRole('button', { name: say('Remove the token %s', name) }).click();
  await expect(page.getByText(name)).toHaveCount(0);
});

test('a form that was refused keeps what was typed and says what is wrong', async ({ as }) => {
  const page = await as(marta);
  await postIdea(page, fresh('Un appendiabiti'));
  const long = 'a'.repeat(20_001);
  await page.locator('#comment').getByRole('textbox').fill(long);
  await page.locator('#comment').getByRole('button', { name: say('Comment'), exact: true }).click();
  await expect(page.locator('[aria-invalid=true]')).toHaveValue(long);
  await expect(page.locator('#thread').getByRole('listitem')).toHaveCount(0);
});

test('inviting somebody, their first visit, their roles, and shutting the door', async ({ as, page }) => {
  const admin = await as(caretaker);
  const name = fresh('Olga').replace(/\s/g, ' ');
  await admin.goto('/admin/people');
  await admin.getByText(say('Invite somebody')).click();
  const invite = admin.locator('#invite');
  await invite.getByLabel(say('Name and surname')).fill(name);
  await invite.getByLabel(say('E-mail')).fill(`${name.replace(' ', '.').toLowerCase()}@example.com`);
  await invite.getByRole('button', { name: say('Create the invitation link') }).click();
  const link = await admin.locator('#link').inputValue();

  await page.goto(new URL(link).pathname);
  await page.locator('input[name=password]').fill('sette sedie intorno al tavolo');
  await page.locator('input[name=again]').fill('sei sedie intorno al tavolo');
  await page.getByRole('button', { name: say('Come in') }).click();
  await expect(page.locator('[aria-invalid=true]')).toHaveCount(1);
  await page.locator('input[name=password]').fill('sette sedie intorno al tavolo');
  await page.locator('input[name=again]').fill('sette sedie intorno al tavolo');
  await page.getByRole('button', { name: say('Come in') }).click();
  await expect(page).toHaveURL('/');

  const row = admin.locator('#people > li').filter({ hasText: name });
  await admin.goto(`/admin/people?q=${encodeURIComponent(name)}`);
  await row.getByText(say('Change'), { exact: true }).click();
  await admin.getByLabel(say('role|Moderator')).check();
  await admin.getByRole('button', { name: say('Save the roles') }).click();
  await expect(admin.getByLabel(say('role|Moderator'))).toBeChecked();
  await admin.getByRole('button', { name: say('Stop them from signing in') }).click();
  await expect(admin.getByText(say('cannot sign in'))).toBeVisible();
  await page.goto('/');
  await expect(page).toHaveURL(/\/signin/);
  await admin.getByRole('button', { name: say('Let them sign in again') }).click();
  await admin.getByRole('button', { name: say('Create a reset link') }).click();
  await expect(admin.locator('#link')).toHaveValue(/\/resets\//);
});

test('taking one’s own idea back', async ({ as }) => {
  const page = await as(marta);
  await postIdea(page, fresh('Un orologio in mensa'));
  await page.getByLabel(say('What you can do with this idea')).click();
  await page.getByText(say('Withdraw it…')).click();
  await page.getByRole('button', { name: say('Withdraw it'), exact: true }).click();
  await expect(page.locator('article .stage')).toContainText(say('stage|Withdrawn'));
  await expect(page.getByRole('button', { name: say('Vote for this idea') })).toHaveCount(0);
});
