import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The program under test: what make build made, unless BINARY names another. */
const binary = process.env.BINARY ?? fileURLToPath(new URL('../bin/convivio', import.meta.url));

/** The settings of whoever runs the tests are no part of them. */
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CONVIVIO_')));

/** A demo company of its own, in a fresh folder, on a free port of this machine. */
export class Server {
  private process?: ChildProcess;

  private constructor(readonly folder: string, readonly port: number) {}

  get url() { return `http://127.0.0.1:${this.port}`; }
  get data() { return join(this.folder, 'data'); }
  get log() { return join(this.folder, 'log'); }

  static async start() {
    const server = new Server(mkdtempSync(join(tmpdir(), 'convivio-e2e-')), await freePort());
    await server.start();
    return server;
  }

  /** Starts it, also again after a stop: on the same data and the same port. Returns when it is ready. */
  async start() {
    const log = openSync(this.log, 'a');
    this.process = spawn(binary, ['serve', '--demo', '--data', this.data, '--listen', `127.0.0.1:${this.port}`, '--rate-limit', 'off'],
      { stdio: ['ignore', log, log], env: environment });
    closeSync(log);
    const deadline = Date.now() + 60_000;
    while (!(await this.ready())) {
      if (this.process.exitCode !== null || Date.now() > deadline) {
        const said = readFileSync(this.log, 'utf8').slice(-4000);
        await this.stop();
        throw new Error(`the server did not become ready:\n${said}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  private async ready() {
    try {
      return (await fetch(`${this.url}/readyz`)).ok;
    } catch {
      return false;
    }
  }

  /** Asks it to stop, and waits until it has. Returns its exit status. */
  async stop() {
    const running = this.process;
    this.process = undefined;
    if (!running || running.exitCode !== null) return running?.exitCode;
    running.kill('SIGTERM');
    const [status] = await once(running, 'exit');
    return status as number | null;
  }

  /** Stops it and leaves nothing behind. */
  async remove() {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Adds somebody to the company of a data folder, beside the server that has it open. They read the language their browser asks for. */
export function addPerson(data: string, who: { name: string; email: string; password: string; roles: string[] }) {
  const roles = who.roles.flatMap((role) => ['--role', role]);
  execFileSync(binary, ['person', 'add', '--data', data, '--email', who.email, '--name', who.name, '--password-stdin', ...roles],
    { input: `${who.password}\n`, env: environment, stdio: ['pipe', 'ignore', 'inherit'] });
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
