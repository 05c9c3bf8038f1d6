// The catalogues cut into parts by the build (texts.plugin.ts): part → language → the texts.
declare module 'virtual:texts' {
  type Texts = () => Promise<{ default: Record<string, string> }>;
  const parts: Record<
    | 'core'
    | 'admin'
    | 'settings'
    | 'match'
    | 'share'
    | 'search'
    | 'levers'
    | 'board'
    | 'demo'
    | 'dialogs',
    Record<'en' | 'cs' | 'pl' | 'ru', Texts>
  >;
  export default parts;
}
