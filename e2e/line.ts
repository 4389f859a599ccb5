import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A line to the company that can be cut, as in a lift: what the browser calls offline reaches pages, but not always their worker. */
export class Line {
  private readonly server = createServer((near) => this.join(near));
  private readonly open = new Set<Socket>();
  private whole = true;

  private constructor(private readonly port: number) {}

  static async to(url: string) {
    const line = new Line(Number(new URL(url).port));
    await once(line.server.listen(0, '127.0.0.1'), 'listening');
    return line;
  }

  get url() { return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`; }

  private join(near: Socket) {
    if (!this.whole) return near.resetAndDestroy();
    const far = connect(this.port, '127.0.0.1');
    for (const [one, other] of [[near, far], [far, near]]) {
      this.open.add(one);
      one.on('error', () => other.destroy()).on('close', () => { this.open.delete(one); other.destroy(); }).pipe(other);
    }
  }

  /** Nothing gets through any more, and what was open breaks. */
  cut() {
    this.whole = false;
    for (const socket of this.open) socket.destroy();
  }

  mend() { this.whole = true; }

  close() {
    this.cut();
    this.server.close();
  }
}
