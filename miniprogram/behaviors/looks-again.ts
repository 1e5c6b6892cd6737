const LOOK_EVERY_MS = 15_000;

/** A page with this behavior. `again` brings what is shown up to date; it never rejects, and shows nothing of a failed attempt. */
interface Looking { again(): Promise<void>; looking: number }

/** For a page that shows what others change: while it is seen, it looks again by itself. */
export const looksAgain = Behavior({
  pageLifetimes: {
    show() {
      const page = this as unknown as Looking;
      clearInterval(page.looking);
      page.looking = setInterval(() => void page.again(), LOOK_EVERY_MS);
    },
    hide() { clearInterval((this as unknown as Looking).looking); },
  },
  lifetimes: {
    detached() { clearInterval((this as unknown as Looking).looking); },
  },
});
