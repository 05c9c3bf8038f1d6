// The stops of the tour: what each one points at, and where its card stands beside it.

export interface Stop {
  id: 'list' | 'online' | 'case' | 'customer' | 'side';
  /** The first of these that is there. */
  at: string;
}

export const STOPS: readonly Stop[] = [
  { id: 'list', at: '.case-rows' },
  { id: 'online', at: '.presence-button' },
  { id: 'case', at: '.composer' },
  { id: 'customer', at: '.customer-panel' },
  { id: 'side', at: '.demo-bar' },
];

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

const GAP = 12;

/** Beside the thing if there is room, else below or above it; never outside the window. */
export function placeOf(
  target: Box,
  card: Box,
  room: { width: number; height: number },
): {
  left: number;
  top: number;
} {
  const right = target.left + target.width + GAP;
  const before = target.left - card.width - GAP;
  const below = target.top + target.height + GAP;
  const above = target.top - card.height - GAP;
  const level = target.top + Math.min(GAP * 2, target.height / 2);
  const fits = right + card.width + GAP <= room.width;
  const place = fits
    ? { left: right, top: level }
    : before >= GAP
      ? { left: before, top: level }
      : below + card.height + GAP <= room.height
        ? { left: target.left, top: below }
        : { left: target.left, top: above };
  const within = (value: number, size: number, most: number): number =>
    Math.max(GAP, Math.min(value, most - size - GAP));
  return {
    left: within(place.left, card.width, room.width),
    top: within(place.top, card.height, room.height),
  };
}
