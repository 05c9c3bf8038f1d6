import { describe, expect, it } from 'vitest';
import { modeOf } from './statuses';

describe('what a status means on a channel', () => {
  it('is what it says of the channel, else of its class, else nothing', () => {
    const matrix = { chat: 'finish', async: 'on' } as const;
    expect(modeOf(matrix, 'chat')).toBe('finish');
    expect(modeOf(matrix, 'email')).toBe('on');
    expect(modeOf(matrix, 'case_step')).toBe('on');
    expect(modeOf(matrix, 'callback')).toBe('off');
  });
});
