import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A line to the company that can be cut, as in a lift: what the browser calls offline reaches pages, but not always their worker. */
export class Line {
  private readonly server = createServer((near) => this.join(near));
  private readonly pairs = new Set<{ near: Socket; far: Socket }>();
  private whole = true;
  private held = false;
  private refused?: RegExp;

  private constructor(private readonly port: number) {}

  static async to(url: string) {
    const line = new Line(Number(new URL(url).port));
    await once(line.server.listen(0, '127.0.0.1'), 'listening');
    return line;
  }

  get url() { return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`; }

  private join(near: Socket) {
    if (!this.whole) return near.resetAndDestroy();
    const pair = { near, far: connect(this.port, '127.0.0.1') };
    this.pairs.add(pair);
    const part = () => { this.pairs.delete(pair); pair.near.destroy(); pair.far.destroy(); };
    for (const socket of [near, pair.far]) socket.on('error', part).on('close', part);
    near.on('data', (said) => {
      if (this.refused?.test(said.toString('latin1'))) near.end('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      else pair.far.write(said);
    }).on('end', () => pair.far.end());
    if (!this.held) pair.far.pipe(near);
  }

  /** Nothing gets through any more, and what was open breaks. */
  cut() {
    this.whole = false;
    for (const { near, far } of this.pairs) { near.destroy(); far.destroy(); }
  }

  mend() { this.whole = true; }

  /** No answer comes back any more, and nothing breaks: a network that leads nowhere. */
  hold() {
    this.held = true;
    for (const { near, far } of this.pairs) far.unpipe(near);
  }

  /** The answers come after all. */
  release() {
    this.held = false;
    for (const { near, far } of this.pairs) far.pipe(near);
  }

  /** A server that is too busy for requests that begin like this; nothing: for none. */
  busy(requests?: RegExp) { this.refused = requests; }

  close() {
    this.cut();
    this.server.close();
  }
}
