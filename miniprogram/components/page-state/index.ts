/** Waiting, failed, not allowed, or nothing there: the states every page shares. */
Component({
  properties: {
    status: { type: String, value: 'loading' },
    problem: { type: String, value: '' },
    /** Said when there is nothing to show; shown only when given and the page is ready. */
    empty: { type: String, value: '' },
  },
  methods: {
    again() { this.triggerEvent('again'); },
  },
});
