/** The app's mark, in the theme's own accent. */

export function Mark({ size = 22 }: { readonly size?: number }) {
  return (
    <svg viewBox="0 0 24 24" width={size} height={size} aria-hidden="true" className="flex-none">
      <rect x="1" y="1" width="22" height="22" rx="6" className="fill-accent" />
      <path
        d="M6 8h5a3 3 0 0 1 3 3v2a3 3 0 0 0 3 3h1M6 16h3"
        className="fill-none stroke-on-accent"
        strokeWidth="2"
        strokeLinecap="round"
      />
    </svg>
  )
}
