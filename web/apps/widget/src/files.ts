// The files a visitor has chosen, pasted, dropped or taken, until they leave with his line.
import { signal } from './state';
import { Refused } from './http';
import type { FileOf } from './model';
import { upload } from './session';
import { words } from './words';

const FILE_MAX = 25 * 1024 * 1024;
const FILES_MOST = 20;

export const chosen = signal<readonly FileOf[]>([]);
export const busy = signal(0);
export const problem = signal('');

export async function addFiles(files: readonly File[]): Promise<void> {
  problem.value = '';
  const room = FILES_MOST - chosen.value.length - busy.value;
  for (const file of files.slice(0, Math.max(0, room))) {
    if (file.size > FILE_MAX) {
      problem.value = words.value.tooLarge;
      continue;
    }
    busy.value += 1;
    try {
      chosen.value = [...chosen.value, await upload(file)];
    } catch (error) {
      const large = error instanceof Refused && error.problem.status === 413;
      problem.value = large ? words.value.tooLarge : words.value.noUpload;
    } finally {
      busy.value -= 1;
    }
  }
}
