"""Names that browsers, Node.js and test runners give to every script."""

from __future__ import annotations

_LANGUAGE = """
AggregateError Array ArrayBuffer AsyncDisposableStack Atomics BigInt BigInt64Array BigUint64Array Boolean DataView
Date DisposableStack Error EvalError FinalizationRegistry Float16Array Float32Array Float64Array Function Infinity
Int16Array Int32Array Int8Array Intl Iterator JSON Map Math NaN Number Object Promise Proxy RangeError
ReferenceError Reflect RegExp Set SharedArrayBuffer String SuppressedError Symbol SyntaxError Temporal TypeError
URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet WebAssembly arguments
decodeURI decodeURIComponent encodeURI encodeURIComponent escape eval globalThis isFinite isNaN parseFloat parseInt
undefined unescape super this
"""
_EVERYWHERE = """
AbortController AbortSignal Blob BroadcastChannel ByteLengthQueuingStrategy CompressionStream CountQueuingStrategy
Crypto CryptoKey CustomEvent DOMException DecompressionStream Event EventSource EventTarget File FormData Headers
MessageChannel MessageEvent MessagePort Navigator Performance PerformanceEntry PerformanceMark PerformanceMeasure
PerformanceObserver PerformanceObserverEntryList PerformanceResourceTiming ReadableStream
ReadableStreamDefaultReader Request Response Storage SubtleCrypto TextDecoder TextDecoderStream TextEncoder
TextEncoderStream TransformStream URL URLPattern URLSearchParams WebSocket WritableStream atob btoa clearImmediate
clearInterval clearTimeout console crypto fetch localStorage navigator performance queueMicrotask reportError
sessionStorage setImmediate setInterval setTimeout structuredClone
"""
_TESTS = """
afterAll afterEach beforeAll beforeEach bench describe expect expectTypeOf assertType it jest suite test vi vitest
onTestFinished onTestFailed chai assert
"""
_BROWSER = """
Animation AnimationEvent Attr Audio AudioBuffer AudioContext BeforeUnloadEvent CDATASection CSS CSSRule
CSSStyleDeclaration CSSStyleSheet Cache CanvasGradient CanvasPattern CanvasRenderingContext2D CharacterData
Clipboard ClipboardEvent ClipboardItem CloseEvent Comment CompositionEvent CustomElementRegistry DOMMatrix DOMParser
DOMPoint DOMRect DOMRectReadOnly DOMStringMap DOMTokenList DataTransfer DataTransferItem DeviceMotionEvent Document
DocumentFragment DocumentType DragEvent Element ErrorEvent FileList FileReader FocusEvent FontFace GamepadEvent
Geolocation HTMLAnchorElement HTMLAudioElement HTMLBodyElement HTMLButtonElement HTMLCanvasElement HTMLCollection
HTMLDialogElement HTMLDivElement HTMLDocument HTMLElement HTMLFieldSetElement HTMLFormElement HTMLHeadingElement
HTMLIFrameElement HTMLImageElement HTMLInputElement HTMLLIElement HTMLLabelElement HTMLLinkElement HTMLMediaElement
HTMLMetaElement HTMLOListElement HTMLOptionElement HTMLOutputElement HTMLParagraphElement HTMLPreElement
HTMLProgressElement HTMLScriptElement HTMLSelectElement HTMLSlotElement HTMLSourceElement HTMLSpanElement
HTMLStyleElement HTMLTableCellElement HTMLTableElement HTMLTableRowElement HTMLTableSectionElement
HTMLTemplateElement HTMLTextAreaElement HTMLTitleElement HTMLUListElement HTMLVideoElement HashChangeEvent Highlight
History IDBDatabase IDBKeyRange IDBRequest IDBTransaction IdleDeadline Image ImageBitmap ImageData InputEvent
IntersectionObserver IntersectionObserverEntry KeyboardEvent Location MediaMetadata MediaQueryList MediaRecorder
MediaStream MouseEvent MutationObserver MutationRecord NamedNodeMap Node NodeFilter NodeIterator NodeList
Notification OffscreenCanvas Option PageTransitionEvent Path2D PointerEvent PopStateEvent ProgressEvent
PromiseRejectionEvent Range ResizeObserver ResizeObserverEntry SVGElement SVGSVGElement Screen Selection
ServiceWorker ShadowRoot SharedWorker SpeechSynthesisUtterance StaticRange StorageEvent StyleSheet SubmitEvent Text
TextMetrics Touch TouchEvent TransitionEvent TreeWalker UIEvent ViewTransition VisualViewport WheelEvent Window
Worker XMLDocument XMLHttpRequest XMLSerializer XPathResult addEventListener alert blur caches cancelAnimationFrame
cancelIdleCallback close confirm cookieStore createImageBitmap customElements dispatchEvent document event find
focus frames getComputedStyle getSelection history importScripts indexedDB innerHeight innerWidth isSecureContext
location matchMedia moveTo name open opener origin outerHeight outerWidth parent postMessage print prompt
removeEventListener requestAnimationFrame requestIdleCallback resizeTo scheduler screen screenX screenY scroll
scrollBy scrollTo scrollX scrollY self speechSynthesis status stop toolbar top trustedTypes visualViewport window
"""
_NODE = """
Buffer __dirname __filename exports global module process require gc Bun Deno
"""
_TYPES_OF_REACT = """
React JSX
"""

GLOBALS = frozenset(
    name for group in (_LANGUAGE, _EVERYWHERE, _TESTS, _BROWSER, _NODE, _TYPES_OF_REACT) for name in group.split()
)
