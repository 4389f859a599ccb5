import { caretaker } from './people.ts';
import { addPerson, Server } from './server.ts';

/** Starts the company that a run shares, and takes it away afterwards. */
export default async function company() {
  const server = await Server.start();
  addPerson(server.data, caretaker);
  process.env.CONVIVIO_E2E_URL = server.url;
  process.env.CONVIVIO_E2E_DATA = server.data;
  return () => server.remove();
}
