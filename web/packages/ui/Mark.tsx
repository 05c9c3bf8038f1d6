// The mark of the product: two voices that cross and go on together.

export function Mark({ size }: { size: number }) {
  return (
    <svg
      viewBox="0 0 32 32"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth="2.8"
      strokeLinecap="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d="M6 10c4 0 4 0 6 3.5s4 4.5 7 4.5h7" />
      <path d="M6 22c4 0 4 0 6-3.5s4-4.5 7-4.5h7" />
    </svg>
  );
}
