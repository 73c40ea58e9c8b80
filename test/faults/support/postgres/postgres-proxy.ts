import { type HeldRequest, type Moment, Interceptors } from '../held.js';
import { type Address, type Filter, type Link, TcpProxy } from '../tcp-proxy.js';

// MessageClient format of a simple query (tag, length, text); the name prefix of prepared statements that are whole transactions.
const commits = ['Q\0\0\0\x0bcommit\0', '\0commit-'].map((bytes) => Buffer.from(bytes, 'latin1'));

/** A proxy in front of Postgres that can hold a COMMIT or its response. */
export class PostgresProxy extends TcpProxy {
  private readonly traps: Interceptors<'commit'>;

  private constructor(
    target: Address,
    private readonly through: URL,
  ) {
    const traps = new Interceptors<'commit'>();
    super(target, (link) => holdingCommits(link, traps));
    this.traps = traps;
  }

  /** Opens a proxy in front of the server of `url`. */
  static async inFrontOf(url: string): Promise<PostgresProxy> {
    const through = new URL(url);
    return new PostgresProxy({ host: through.hostname, port: Number(through.port) }, through).listening();
  }

  /** Returns `url`, or the same database of another URL, through the proxy. */
  url(url: string = this.through.href): string {
    const way = new URL(url);
    way.host = this.address;
    return way.href;
  }

  /** Resolves once the next COMMIT is held: `before` the server receives it, or `after` it was executed. */
  nextCommit(moment: Moment): Promise<HeldRequest> {
    return this.traps.next('commit', moment);
  }
}

function holdingCommits(link: Link, traps: Interceptors<'commit'>): Filter {
  let committing: { readonly trap: NonNullable<ReturnType<typeof traps.take>>; readonly answers: Buffer[] } | undefined;
  let held: Buffer[] | undefined;
  const passOn = (answers: readonly Buffer[]): void => answers.forEach((answer) => link.toClient(answer));
  return {
    fromClient: (data) => {
      const trap = commits.some((commit) => data.includes(commit)) ? traps.take('commit') : undefined;
      if (trap?.moment === 'before') return trap.caught({ release: () => link.toServer(data), cut: () => link.cut() });
      if (trap) committing = { trap, answers: [] };
      link.toServer(data);
    },
    fromServer: (data) => {
      if (held) return void held.push(data);
      if (!committing) return link.toClient(data);
      const { trap, answers } = committing;
      answers.push(data);
      const ended = endOf(Buffer.concat(answers));
      if (ended === undefined) return;
      committing = undefined;
      if (ended === 'rolled back') {
        traps.putBack(trap);
        return passOn(answers);
      }
      held = answers;
      const release = (): void => {
        held = undefined;
        passOn(answers);
      };
      trap.caught({ release, cut: () => link.cut() });
    },
  };
}

/** Outcome of a transaction, from the command tag of the COMMIT or of the single statement; undefined if the responses lack it. */
function endOf(answers: Buffer): 'committed' | 'rolled back' | undefined {
  let last: string | undefined;
  for (let at = 0; at + 5 <= answers.length;) {
    const [type, length] = [String.fromCharCode(answers[at] ?? 0), answers.readInt32BE(at + 1)];
    if (at + 1 + length > answers.length) break;
    if (type === 'C') last = answers.toString('latin1', at + 5, at + length);
    if (type === 'E') last = 'ROLLBACK';
    // ReadyForQuery with status idle: no transaction is open.
    if (type === 'Z' && answers[at + 5] === 'I'.charCodeAt(0) && last !== undefined)
      return last === 'ROLLBACK' ? 'rolled back' : 'committed';
    at += 1 + length;
  }
  return undefined;
}
