import { readFileSync } from 'node:fs';
import { board, fresh, type Page } from './test.ts';

interface Said { body: string; replies?: Said[] }

/** What people said on the demo's boards: real sentences, no two alike, so that compression does not flatter. */
function sentences() {
  const said: string[] = [];
  const hear = (list: Said[] = []) => {
    for (const { body, replies } of list) {
      said.push(body);
      hear(replies);
    }
  };
  for (const name of ['officina-e-macchine', 'prodotto', 'clienti-e-fornitori']) {
    const file = new URL(`../cmd/convivio/demo/${name}.json`, import.meta.url);
    for (const idea of JSON.parse(readFileSync(file, 'utf8')) as { thread?: Said[] }[]) hear(idea.thread);
  }
  return said;
}

/** Posts an idea with a hundred comments, every third a reply to the one before, as whoever is signed in. Returns its path. */
export async function hundredComments(page: Page) {
  const bodies = sentences().slice(0, 100);
  if (bodies.length < 100) throw new Error('the demo says too little');
  const idea = await page.evaluate(async ({ board, title, bodies }) => {
    const post = async (path: string, body: object) => {
      const answer = await fetch(`/api/v1${path}`, { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } });
      if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
      return ((await answer.json()) as { id: number }).id;
    };
    const idea = await post(`/boards/${board}/ideas`, { title, body: bodies[0] });
    let last: number | undefined;
    for (const [n, body] of bodies.entries()) {
      last = await post(`/ideas/${idea}/comments`, { body, ...(n % 3 === 2 && { parent_id: last }) });
    }
    return idea;
  }, { board, title: fresh('Una discussione lunga'), bodies });
  return `/ideas/${idea}`;
}
