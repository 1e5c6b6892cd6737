/** Moves that have a page made by hand, as `procedure.move`; every other is made on the generic form. */
const OWN_PAGES: Readonly<Record<string, string>> = {
  'diagnosis.save': '/provider/questionnaire/index',
  'plan.save': '/provider/plan/index', 'plan.propose': '/provider/plan/index', 'plan.change': '/provider/plan/index',
  'plan.confirm': '/enterprise/plan/index', 'plan.confirmChange': '/enterprise/plan/index', 'plan.sendBack': '/enterprise/plan/index', 'plan.refuseChange': '/enterprise/plan/index',
  'contract.sign': '/pages/sign/index',
  'acceptance.apply': '/enterprise/acceptance/index', 'acceptance.reapply': '/enterprise/acceptance/index', 'acceptance.answer': '/enterprise/acceptance/index',
  'rating.rate': '/enterprise/rating/index',
  'report.file': '/public/report/index',
};

/** Where a move is made. `no`: of the case it moves; left out where it opens one. */
export function addressOf({ procedure, move, no = '' }: { procedure: string; move: string; no?: string }): string {
  const own = OWN_PAGES[`${procedure}.${move}`];
  return own ? `${own}?no=${no}&move=${move}` : no ? `/pages/form/index?no=${no}&move=${move}` : `/pages/form/index?procedure=${procedure}&move=${move}`;
}

/** The hand-made page of a move that an address (a card, a word of the chat-bot) would show on the generic form; null where there is none. */
export const ownPageOf = (given: { procedure: string; move: string; no?: string }): string | null => {
  const address = addressOf(given);
  return address.startsWith('/pages/form/') ? null : address;
};
