import { caretaker, restless, writer } from './people.ts';
import { Server } from './server.ts';

/** Starts the company that a run shares, and takes it away afterwards. */
export default async function company() {
  const server = await Server.start();
  for (const somebody of [caretaker, restless, writer]) server.addPerson(somebody);
  process.env.CONVIVIO_E2E_URL = server.url;
  return () => server.remove();
}
