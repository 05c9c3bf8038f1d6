// Signed addresses of files and mail bodies: they live ten minutes and never travel on the stream.

import type { Message } from '@api/types';

const LIFE_MS = 9 * 60_000;

export class Links {
  private kept = new Map<string, { url: string; at: number }>();

  constructor(private readonly now: () => number) {}

  take(messages: readonly Message[] | undefined): void {
    const at = this.now();
    for (const message of messages ?? []) {
      if (message.html_url) this.kept.set(`mail ${message.id}`, { url: message.html_url, at });
      for (const file of message.files ?? []) {
        if (file.url) this.kept.set(`file ${file.id}`, { url: file.url, at });
      }
    }
  }

  get(kind: 'mail' | 'file', id: string): string | undefined {
    const link = this.kept.get(`${kind} ${id}`);
    return link && this.now() - link.at < LIFE_MS ? link.url : undefined;
  }
}
