// Agent strings of real browsers, in few words.
import { expect, it } from 'vitest';
import { deviceName } from './device';

it('names browser and system', () => {
  const windows =
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)';
  expect(deviceName(`${windows} Chrome/130.0.0.0 Safari/537.36`)).toBe('Chrome · Windows');
  expect(deviceName(`${windows} Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0`)).toBe(
    'Edge · Windows',
  );
  expect(
    deviceName(
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1',
    ),
  ).toBe('Safari · iPhone');
  expect(deviceName('curl/8.9')).toBe('curl/8.9');
});
