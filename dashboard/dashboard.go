package dashboard

import (
	"fmt"
	"net/http"
	"sync"

	"github.com/gin-gonic/gin"

	"uptake/access"
	"uptake/query"
)

// Dashboard answers everything but ingest: pages, the JSON API, health and metrics.
type Dashboard struct {
	cfg       Config
	assets    *assets
	words     *messages // in English, for the API; a page's words are those of its reader
	languages *languages
	sessions  *sessions
	limit     *signInLimit
	lock      *lockout
	provider  *provider // nil where nobody signs in by OpenID Connect
	begun     sealer    // of sign-ins that the provider has not answered yet
	traffic   *traffic
	metrics   http.Handler
	csrf      *http.CrossOriginProtection
	handler   http.Handler
}

// New builds the dashboard and registers its metrics. It fails on an incomplete configuration, with all that is
// missing at once.
func New(cfg Config) (*Dashboard, error) {
	cfg, err := cfg.checked()
	if err != nil {
		return nil, err
	}
	d := &Dashboard{cfg: cfg, sessions: newSessions(cfg.SessionKey, cfg.HTTPS, cfg.Now, cfg.Accounts.Person), limit: newSignInLimit(cfg.Now),
		lock: newLockout(cfg.Now), csrf: http.NewCrossOriginProtection(), provider: newProvider(cfg),
		begun: newSealer(cfg.SessionKey, "uptake sign-in cookie v1")}
	if cfg.OIDC != nil {
		d.sessions.issuer = cfg.OIDC.Issuer
	}
	b, err := loadBuilt()
	if err != nil {
		return nil, err
	}
	d.assets, d.languages = b.assets, b.languages
	if d.words = d.languages.of(english).words; cfg.Language != "" && d.languages.of(cfg.Language) == nil {
		return nil, fmt.Errorf("dashboard: there is no language %q; there are %s", cfg.Language, d.languages)
	}
	if d.traffic, err = newTraffic(cfg.Registry); err != nil {
		return nil, fmt.Errorf("register the metrics of the web server: %w", err)
	}
	if d.metrics, err = d.newMetrics(); err != nil {
		return nil, fmt.Errorf("register the metrics of the figures: %w", err)
	}
	d.handler = gzipped(d.engine(d.routes()))
	return d, nil
}

// built is what is built into the program: assets, and pages in each language.
type built struct {
	assets    *assets
	languages *languages
}

// loadBuilt reads it. It is the same for every Dashboard, and reading it takes longer than all else that New does; so it is
// read once.
var loadBuilt = sync.OnceValues(func() (b built, err error) {
	if b.assets, err = loadAssets(); err != nil {
		return b, err
	}
	if b.languages, err = loadLanguages(); err != nil {
		return b, err
	}
	for _, one := range b.languages.list {
		if one.pages, err = loadPages(b.assets, one); err != nil {
			return b, err
		}
	}
	return b, nil
})

// ServeHTTP answers a request.
func (d *Dashboard) ServeHTTP(w http.ResponseWriter, r *http.Request) { d.handler.ServeHTTP(w, r) }

// MetricsHandler serves /metrics without asking who is there, for an address of its own that only Prometheus reaches.
func (d *Dashboard) MetricsHandler() http.Handler { return gzipped(d.metrics) }

// guard says what a route needs. Pages send whoever is not signed in to the sign-in page and take no tokens; all others
// answer 401. Who is known and lacks the right gets 403.
type guard struct {
	page  bool
	right access.Right // "" for what everybody may
}

// Rights are added up in package access; what each means to a route stands here.
var (
	public              = guard{}
	signedIn            = guard{true, access.ReadFigures}
	seesValue           = guard{true, access.ReadValue}
	editsAssumptions    = guard{true, access.EditAssumptions}
	editsPlans          = guard{true, access.EditPlans}
	seesOperation       = guard{true, access.Operate}
	administers         = guard{true, access.Administer}
	mayRead             = guard{false, access.ReadFigures}
	mayReadValue        = guard{false, access.ReadValue}
	mayWrite            = guard{false, access.EditPlans}
	mayWriteAssumptions = guard{false, access.EditAssumptions}
	mayScrape           = guard{false, access.Scrape}
	mayAdminister       = guard{false, access.Administer}
)

// route is one line of the table of everything that the dashboard answers.
type route struct {
	method, path string
	access       guard
	handle       gin.HandlerFunc
}

func (d *Dashboard) routes() []route {
	const get, post = http.MethodGet, http.MethodPost
	return []route{
		{get, "/", signedIn, d.overviewPage},
		{get, "/units", signedIn, d.unitsPage},
		{get, "/units/:unit", signedIn, d.unitPage},
		{get, "/figures/:figure", signedIn, d.figurePage},
		{get, "/tools", signedIn, d.toolsPage},
		{get, "/tools/:tool", signedIn, d.toolPage},
		{get, "/collaboration", signedIn, d.collaborationPage},
		{get, "/value", seesValue, d.valuePage},
		{get, "/value/figures/:figure", seesValue, d.valueFigurePage},
		{get, "/value/renewals", seesValue, d.renewalsPage},
		{get, "/value/actions", seesValue, d.valueActionsPage},
		{post, "/value/scenarios", editsAssumptions, d.saveScenario},
		{get, "/value/assumptions", seesValue, d.assumptionsPage},
		{get, "/value/assumptions/edit", editsAssumptions, d.editorPage},
		{post, "/value/assumptions/edit", editsAssumptions, d.saveDraft},
		{post, "/value/assumptions/effect", editsAssumptions, d.effectOfForm},
		{post, "/value/assumptions/costs", editsAssumptions, d.enterCosts},
		{post, "/value/assumptions/rebase", editsAssumptions, d.rebaseDraft},
		{post, "/value/assumptions/discard", editsAssumptions, d.discardDraft},
		{post, "/value/assumptions/publish", editsAssumptions, d.publishDraft},
		{get, "/pilots", signedIn, d.pilotsPage},
		{post, "/pilots", editsPlans, d.registerPilot},
		{get, "/pilots/:id", signedIn, d.pilotPage},
		{post, "/pilots/:id/withdraw", editsPlans, d.withdrawPilot},
		{get, "/targets", signedIn, d.targetsPage},
		{post, "/targets", editsPlans, d.setTarget},
		{get, "/stages", signedIn, d.stagesPage},
		{post, "/stages", editsPlans, d.moveStage},
		{get, "/campaigns", signedIn, d.campaignsPage},
		{post, "/campaigns", editsPlans, d.enterCampaign},
		{get, "/campaigns/:id", signedIn, d.campaignPage},
		{get, "/trust", signedIn, d.trustPage},
		{get, "/reports/:report", mayReadValue, d.reportFile},
		{get, "/dead-letters", seesOperation, d.deadLettersPage},
		{get, "/dead-letters/:number", seesOperation, d.deadLetterPage},
		{post, "/dead-letters/replay", seesOperation, d.replayDeadLetters},
		{post, "/dead-letters/drop", seesOperation, d.dropDeadLetters},
		{post, "/demo/leave", administers, d.leaveDemo},
		{get, "/settings", administers, d.settingsPage},
		{get, "/settings/people", administers, d.peoplePage},
		{post, "/settings/people", administers, d.changePeople},
		{get, "/account/api", signedIn, d.apiPage},
		{get, "/account", signedIn, d.accountPage},
		{post, "/account", signedIn, d.changeTokens},
		{get, "/audit", administers, d.auditPage},
		{get, "/sign-in", public, d.signInPage},
		{post, "/sign-in", public, d.signIn},
		{get, "/sign-in/oidc", public, d.beginOIDC},
		{get, "/sign-in/oidc/callback", public, d.endOIDC},
		{post, "/sign-out", public, d.signOut},
		{get, "/api/v1/adoption", mayRead, asked(d, query.ParseAdoption, (*query.Company).Adoption)},
		{get, "/api/v1/lifecycle", mayRead, asked(d, query.ParseLifecycle, (*query.Company).Lifecycle)},
		{get, "/api/v1/retention", mayRead, asked(d, query.ParseRetention, (*query.Company).Retention)},
		{get, "/api/v1/pyramid", mayRead, asked(d, query.ParseAdoption, (*query.Company).Pyramid)},
		{get, "/api/v1/by", mayRead, asked(d, query.ParseBy, (*query.Company).By)},
		{get, "/api/v1/habits", mayRead, asked(d, query.ParseAdoption, (*query.Company).Habits)},
		{get, "/api/v1/depth", mayRead, asked(d, query.ParseAdoption, (*query.Company).Depth)},
		{get, "/api/v1/concentration", mayRead, asked(d, query.ParseAdoption, (*query.Company).Concentration)},
		{get, "/api/v1/collaboration", mayRead, asked(d, query.ParseCollaboration, (*query.Company).Collaboration)},
		{get, "/api/v1/actions", mayRead, asked(d, query.ParseActions, (*query.Company).Actions)},
		{get, "/api/v1/compare", mayRead, asked(d, query.ParseCompare, (*query.Company).Compare)},
		{get, "/api/v1/attention", mayRead, asked(d, query.ParseAttention, (*query.Company).Attention)},
		{get, "/api/v1/seats", mayRead, asked(d, query.ParseSeats, (*query.Company).Seats)},
		{get, "/api/v1/first-use", mayRead, asked(d, query.ParseAdoption, (*query.Company).FirstUse)},
		{get, "/api/v1/diffusion", mayRead, asked(d, query.ParseDiffusion, (*query.Company).Diffusion)},
		{get, "/api/v1/pilots", mayRead, listed(d, (*query.Company).Pilots)},
		{post, "/api/v1/pilots", mayWrite, written(d, (*query.Company).RegisterPilot)},
		{post, "/api/v1/pilots/withdrawals", mayWrite, written(d, (*query.Company).WithdrawPilot)},
		{get, "/api/v1/pilots/match", mayRead, asked(d, query.ParsePilotMatch, (*query.Company).PilotMatch)},
		{get, "/api/v1/pilots/:id", mayRead, named(d, (*query.Company).Pilot)},
		{get, "/api/v1/campaigns", mayRead, listed(d, (*query.Company).Campaigns)},
		{post, "/api/v1/campaigns", mayWrite, written(d, (*query.Company).EnterCampaign)},
		{get, "/api/v1/campaigns/:id", mayRead, named(d, (*query.Company).Campaign)},
		{get, "/api/v1/targets", mayRead, asked(d, query.ParseTargets, (*query.Company).Targets)},
		{post, "/api/v1/targets", mayWrite, written(d, (*query.Company).SetTarget)},
		{get, "/api/v1/stages", mayRead, asked(d, query.ParseStages, (*query.Company).Stages)},
		{post, "/api/v1/stages", mayWrite, written(d, (*query.Company).MoveStage)},
		{get, "/api/v1/units", mayRead, listed(d, (*query.Company).Units)},
		{get, "/api/v1/tools", mayRead, listed(d, (*query.Company).Tools)},
		{get, "/api/v1/trust", mayRead, listed(d, (*query.Company).Trust)},
		{get, "/api/v1/value", mayReadValue, asked(d, query.ParseValue, (*query.Company).Value)},
		{get, "/api/v1/value/tornado", mayReadValue, asked(d, query.ParseTornado, (*query.Company).Tornado)},
		{get, "/api/v1/value/break-even", mayReadValue, asked(d, query.ParseValueCase, (*query.Company).BreakEven)},
		{get, "/api/v1/value/scenarios", mayReadValue, asked(d, query.ParseValueCase, (*query.Company).Scenarios)},
		{post, "/api/v1/value/scenarios", mayWriteAssumptions, written(d, (*query.Company).SaveScenario)},
		{get, "/api/v1/value/time", mayReadValue, asked(d, query.ParseValueCase, (*query.Company).Time)},
		{get, "/api/v1/value/renewals", mayReadValue, asked(d, query.ParseRenewals, (*query.Company).Renewals)},
		{get, "/api/v1/value/assumptions", mayReadValue, asked(d, query.ParseAssumptions, (*query.Company).Assumptions)},
		{post, "/api/v1/value/assumptions", mayWriteAssumptions, written(d, (*query.Company).EnterAssumptions)},
		{get, "/api/v1/audit", mayAdminister, d.auditList},
		{get, "/api/v1/openapi.yaml", mayRead, d.apiDocumentYAML},
		{get, "/api/v1/openapi.json", mayRead, d.apiDocumentJSON},
		{get, "/metrics", mayScrape, gin.WrapH(d.metrics)},
		{get, "/healthz", public, d.healthz},
		{get, "/readyz", public, d.readyz},
		{get, "/assets/:name", public, d.serveAsset},
	}
}

func (d *Dashboard) engine(routes []route) *gin.Engine {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	_ = engine.SetTrustedProxies(nil) // nil cannot be malformed; no header names the client
	engine.HandleMethodNotAllowed = true
	engine.RedirectTrailingSlash = false
	engine.UseRawPath = true // a unit's id may hold an escaped slash
	engine.UnescapePathValues = true
	engine.Use(d.record, d.recover, d.secure, d.bound, d.sameOrigin)
	for _, r := range routes {
		engine.Handle(r.method, r.path, d.audited(r), d.guarded(r), r.handle)
		if r.method == http.MethodGet {
			engine.Handle(http.MethodHead, r.path, d.guarded(r), r.handle)
		}
	}
	engine.NoRoute(d.anybody, d.notFound)
	engine.NoMethod(d.anybody, d.wrongMethod)
	return engine
}
