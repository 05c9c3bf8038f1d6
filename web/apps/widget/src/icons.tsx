/** @jsxImportSource preact */
// Drawn signs; each stands beside words or a label.

const PATHS = {
  chat: 'M21 12a8 8 0 0 1-8 8H4l2-3a8 8 0 1 1 15-5z',
  close: 'M6 6l12 12M18 6L6 18',
  down: 'M5 9l7 7 7-7',
  back: 'M15 5l-7 7 7 7',
  clip: 'M21 12l-8 8a5 5 0 0 1-7-7l9-9a3 3 0 0 1 5 5l-9 9',
  camera: 'M3 8h4l2-3h6l2 3h4v11H3zM12 10a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z',
  send: 'M12 20V5M5 11l7-7 7 7',
  share: 'M7 12v8h10v-8M12 15V3M8 7l4-4 4 4',
  mail: 'M3 6h18v13H3zM3 7l9 7 9-7',
  phone: 'M7 2h10v20H7zM11 18h2',
  star: 'M12 3l2.8 5.9 6.2.8-4.6 4.4 1.2 6.4L12 17.4l-5.6 3.1 1.2-6.4L3 9.7l6.2-.8z',
  queued: 'M12 7v5l3 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z',
  sent: 'M5 13l4 4L19 7',
  delivered: 'M2 13l4 4L16 7M11 16l1 1L22 7',
  read: 'M2 13l4 4L16 7M11 16l1 1L22 7',
  failed: 'M12 8v5M12 16.5v.5M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z',
} as const;

export type Sign = keyof typeof PATHS;

export function Icon({ name, turns }: { name: Sign; turns?: boolean }) {
  return (
    <svg
      class={turns ? 'turn' : undefined}
      width="22"
      height="22"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
