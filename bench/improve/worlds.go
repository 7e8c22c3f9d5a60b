package main

import "wenguo/transform/improve"

// calm is the world in which nothing happens but chance.
func calm() scenario {
	return scenario{name: "chance alone", ratio: 1, issues: 1, look: 4, lead: 6, spread: 1, history: 60, surge: 1, others: 400}
}

func with(name string, change func(*scenario)) scenario {
	s := calm()
	s.name = name
	change(&s)
	return s
}

// nothing are the worlds without an effect.
func nothing() []scenario {
	return []scenario{
		calm(),
		with("at the peak of 20 issues", func(s *scenario) { s.issues = 20 }),
		with("at the peak, done at once", func(s *scenario) { s.issues, s.lead = 20, 1 }),
		with("at the peak of 8 weeks", func(s *scenario) { s.issues, s.look = 20, 8 }),
		with("at the peak of 13 weeks", func(s *scenario) { s.issues, s.look = 20, 13 }),
		with("variance doubled", func(s *scenario) { s.spread = 2 }),
		with("at the peak, variance doubled", func(s *scenario) { s.issues, s.spread = 20, 2 }),
		with("at the peak, variance doubled, memory .5", func(s *scenario) { s.issues, s.spread, s.memory = 20, 2, .5 }),
		with("at the peak, variance doubled, memory .8", func(s *scenario) { s.issues, s.spread, s.memory = 20, 2, .8 }),
		with("variance doubled, memory .8", func(s *scenario) { s.spread, s.memory = 2, .8 }),
		with("season ±50 %, last year known", func(s *scenario) { s.season, s.history = .5, 130 }),
		with("season ±30 %, last year known", func(s *scenario) { s.season, s.history = .3, 130 }),
		with("at the peak, season ±30 %, last year known", func(s *scenario) { s.issues, s.season, s.history = 20, .3, 130 }),
		with("season ±30 %, last year unknown", func(s *scenario) { s.season, s.history = .3, 40 }),
		with("other complaints double", func(s *scenario) { s.surge = 2 }),
		with("appeared 20 weeks ago, at the peak", func(s *scenario) { s.issues, s.emerged = 20, 20 }),
	}
}

// halving are the worlds in which the action halves the issue.
func halving() []scenario {
	half := func(name string, change func(*scenario)) scenario {
		return with(name, func(s *scenario) { s.ratio = .5; change(s) })
	}
	return []scenario{
		half("chance alone", func(*scenario) {}),
		half("at the peak of 20 issues", func(s *scenario) { s.issues = 20 }),
		half("last year known", func(s *scenario) { s.history = 130 }),
		half("variance doubled", func(s *scenario) { s.spread = 2 }),
		half("variance doubled, memory .5", func(s *scenario) { s.spread, s.memory = 2, .5 }),
		half("season ±30 %, last year known", func(s *scenario) { s.season, s.history = .3, 130 }),
		half("appeared 20 weeks ago, done within 6 weeks", func(s *scenario) { s.emerged = 20 }),
		half("history of 24 weeks", func(s *scenario) { s.history = 24 }),
	}
}

type ablation struct {
	name     string
	scenario scenario
	rules    improve.Rules
}

// ablations are the product's rules without one guard, each in the world that the guard is for.
func ablations() []ablation {
	without := func(name string, s scenario, change func(*improve.Rules)) ablation {
		r := improve.DefaultRules()
		change(&r)
		return ablation{name, s, r}
	}
	peak := with("at the peak of 20 issues", func(s *scenario) { s.issues = 20 })
	wild := with("variance doubled, memory .5", func(s *scenario) { s.spread, s.memory = 2, .5 })
	return []ablation{
		without("the weeks that led to the choice count", peak, func(r *improve.Rules) { r.Selecting = 0 }),
		without("the 12 weeks before the action, peak and all", peak, func(r *improve.Rules) { r.Selecting, r.Before = 0, 12 }),
		without("the 12 weeks before the action, peak and all", with("at the peak, variance doubled, memory .5", func(s *scenario) { s.issues, s.spread, s.memory = 20, 2, .5 }), func(r *improve.Rules) { r.Selecting, r.Before = 0, 12 }),
		without("each look as if the only one", calm(), func(r *improve.Rules) { r.OneLook = true }),
		without("variance believed to be chance", wild, func(r *improve.Rules) { r.Poisson = true }),
	}
}
