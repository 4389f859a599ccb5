import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { hundredComments } from '../long.ts';
import { address, outside, places } from '../pages.ts';
import { caretaker } from '../people.ts';
import { expect, test } from '../test.ts';

const checker = fileURLToPath(new URL('node_modules/vnu-jar/build/dist/vnu.jar', import.meta.url));

interface Message { type: string; url: string; lastLine?: number; message: string; extract?: string }

// The Nu HTML checker reads every page as the server sends it, in both languages.
test('every page is valid HTML', async ({ as, browser, baseURL }, { outputDir }) => {
  mkdirSync(outputDir, { recursive: true });
  const files: string[] = [];
  for (const locale of ['it-IT', 'en-GB']) {
    const keep = (name: string, html: string) => {
      files.push(`${outputDir}/${name}-${locale.slice(0, 2)}.html`);
      writeFileSync(files[files.length - 1], html);
    };
    const anybody = await browser.newContext({ locale, baseURL });
    const inside = await as(caretaker, { locale });
    for (const [page, list] of [[await anybody.newPage(), outside], [inside, places]] as const) {
      for (const place of list) {
        const answer = await page.request.get(await address(page, place), { headers: { Accept: 'text/html' } });
        expect.soft(answer.status(), place.name).toBe(place.status ?? 200);
        keep(place.name, await answer.text());
      }
    }
    await anybody.close();
    if (locale === 'it-IT') keep('hundred', await (await inside.request.get(await hundredComments(inside))).text());
  }
  const wrong = (await check(files)).filter(({ type }) => type === 'error');
  expect(wrong.map(({ url, lastLine, message, extract }) => `${url.split('/').pop()}:${lastLine} ${message} ${extract?.trim().slice(0, 120)}`)).toEqual([]);
  console.log(`${files.length} pages, no error`);
});

/** It ends with a status of its own when it found something; what it found is on its standard error. */
function check(files: string[]) {
  return new Promise<Message[]>((resolve, reject) => {
    execFile('java', ['-jar', checker, '--format', 'json', ...files], { maxBuffer: 64 << 20 }, (failed, _, said) => {
      try {
        resolve((JSON.parse(said) as { messages: Message[] }).messages);
      } catch {
        reject(failed ?? new Error(said));
      }
    });
  });
}
