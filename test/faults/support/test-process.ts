import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { resolve } from 'node:path';
import { eventually } from './eventually.js';

export interface Message {
  readonly event: string;
  readonly [field: string]: unknown;
}

const running = new Set<TestProcess>();

/** A real process of a fault test (`relay.process.ts`) that can be killed, stopped and continued. */
export class TestProcess {
  /** All messages that it has sent. */
  readonly messages: Message[] = [];
  private readonly arrivals = new EventEmitter();
  private readonly ended: Promise<unknown>;
  private words = '';

  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
  ) {
    this.ended = once(child, 'close');
    child.stderr?.on('data', (data: Buffer) => (this.words = `${this.words}${data.toString()}`.slice(-4000)));
    child.on('message', (message) => {
      this.messages.push(message as Message);
      this.arrivals.emit('message');
    });
  }

  /** Starts the compiled `name.process.ts` of test/faults with `options`; resolves once it is ready. */
  static async start(name: string, options: object): Promise<TestProcess> {
    const started = TestProcess.launch(name, options);
    await started.reported('ready');
    return started;
  }

  /** Starts a process without waiting, for one that does not become ready. */
  static launch(name: string, options: object): TestProcess {
    const child = fork(resolve(`dist/test/faults/${name}.process.js`), {
      env: { ...process.env, FAULT_OPTIONS: JSON.stringify(options), NODE_OPTIONS: '--enable-source-maps' },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const started = new TestProcess(name, child);
    running.add(started);
    return started;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Resolves once a message has arrived, also if it arrived before. */
  reported(event: string, fits: (message: Message) => boolean = () => true): Promise<Message> {
    const what = (): string => `${event} from ${this.name}; it reported ${JSON.stringify(this.messages.slice(-5))} ${this.words}`;
    return eventually(what, () => this.messages.find((m) => m.event === event && fits(m)), { wake: this.arrivals });
  }

  /** Sends SIGKILL; resolves when the process has ended. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
    running.delete(this);
  }

  /** Shifts the clock of a process that supports it. */
  async clockOff(ms: number): Promise<void> {
    this.child.send({ clockOffMs: ms });
    await this.reported('clock', ({ off }) => off === ms);
  }

  /** Sends SIGSTOP. */
  pause(): void {
    this.child.kill('SIGSTOP');
  }

  /** Sends SIGCONT. */
  resume(): void {
    this.child.kill('SIGCONT');
  }

  /** Sends SIGTERM; resolves when the process has ended. */
  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    await this.ended;
    running.delete(this);
  }
}

/** Ends all processes of a test. */
export const endProcesses = async (): Promise<void> => void (await Promise.all([...running].map((one) => one.kill())));
