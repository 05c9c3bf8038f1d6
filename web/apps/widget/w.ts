// w.js: our own line of script; key, language and mode stand in its attributes.
import { here, load } from './loader';

const script = document.currentScript as HTMLScriptElement | null;
const settings = (window as { polyphonySettings?: { key?: string } }).polyphonySettings;
if (script) {
  const { key, language, mode } = script.dataset;
  load(here(script), key ?? settings?.key ?? '', language ?? '', mode);
}
