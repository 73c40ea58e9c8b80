/** An auto-reset event: lets a loop wait until it is signalled or a time has passed. A signal before the wait is not lost. */
export class WakeSignal {
  private isSet = false;
  private wake: () => void = () => undefined;

  signal(): void {
    this.isSet = true;
    this.wake();
  }

  async wait(ms: number): Promise<void> {
    if (!this.isSet) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.isSet = false;
  }
}
