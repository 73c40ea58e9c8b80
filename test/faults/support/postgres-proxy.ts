import { type Held, type Moment, Traps } from './held.js';
import { type Address, type Filter, type Link, TcpProxy } from './tcp-proxy.js';

// a simple query, its length, its text; the name of a prepared statement that is a whole transaction
const commits = ['Q\0\0\0\x0bcommit\0', '\0commit-'].map((bytes) => Buffer.from(bytes, 'latin1'));

/** The way to Postgres, which can hold a COMMIT or its answer. */
export class PostgresProxy extends TcpProxy {
  private readonly traps: Traps<'commit'>;

  private constructor(
    target: Address,
    private readonly through: URL,
  ) {
    const traps = new Traps<'commit'>();
    super(target, (link) => holdingCommits(link, traps));
    this.traps = traps;
  }

  /** In front of the server of `url`. */
  static async inFrontOf(url: string): Promise<PostgresProxy> {
    const through = new URL(url);
    return new PostgresProxy({ host: through.hostname, port: Number(through.port) }, through).listening();
  }

  /** `url`, or the same database of another one, through here. */
  url(url: string = this.through.href): string {
    const way = new URL(url);
    way.host = this.address;
    return way.href;
  }

  /** Resolves once the next COMMIT is held: `before` the server hears of it, or `after` it was done. */
  nextCommit(moment: Moment): Promise<Held> {
    return this.traps.next('commit', moment);
  }
}

function holdingCommits(link: Link, traps: Traps<'commit'>): Filter {
  let afterCommit: ((held: Held) => void) | undefined;
  let answers: Buffer[] | undefined;
  return {
    fromClient: (data) => {
      const trap = commits.some((commit) => data.includes(commit)) ? traps.take('commit') : undefined;
      if (trap?.moment === 'before') return trap.caught({ release: () => link.toServer(data), cut: () => link.cut() });
      afterCommit = trap?.caught;
      link.toServer(data);
    },
    fromServer: (data) => {
      if (answers) return void answers.push(data);
      if (!afterCommit) return link.toClient(data);
      const caught = afterCommit;
      afterCommit = undefined;
      const held = (answers = [data]);
      const release = (): void => {
        answers = undefined;
        held.forEach((answer) => link.toClient(answer));
      };
      caught({ release, cut: () => link.cut() });
    },
  };
}
