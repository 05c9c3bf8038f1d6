// The server's time on this screen: median offset of the last five readings.

export class ServerClock {
  private readings: number[] = [];

  constructor(private readonly local: () => number = () => Date.now()) {}

  read(serverNow: string): void {
    const at = Date.parse(serverNow);
    if (Number.isNaN(at)) return;
    this.readings = [...this.readings, at - this.local()].slice(-5);
  }

  /** Milliseconds to add to the local clock. */
  get offset(): number {
    const sorted = [...this.readings].sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? 0;
  }

  now(): number {
    return this.local() + this.offset;
  }
}
