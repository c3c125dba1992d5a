//! All tests of one column, and how they are done while it has one form: planned when that form is first met, and kept
//! with the pass for all blocks and refreshes after.

use std::sync::{Arc, Mutex, PoisonError};

use rules::checked::Condition;

use super::classes::ClassTests;
use super::numbers::NumberPlan;
use super::ranges::NumberForm;
use crate::scope::ValueScope;

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct ColumnTests {
    /// Conditions with a hole, and their signals.
    tests: Vec<(Condition, u32)>,
    plans: Mutex<Vec<Arc<ColumnPlan>>>,
}

/// How the tests of a column are done.
#[derive(Debug)]
pub(crate) struct ColumnPlan {
    /// The form that the column has; none for a column without numbers.
    pub form: Option<NumberForm>,
    /// The tests that are ranges of numbers.
    pub numbers: NumberPlan,
    /// All others.
    pub by_value: ClassTests,
}

impl ColumnTests {
    /// Adds a test.
    pub fn push(&mut self, test: Condition, signal: u32) {
        self.tests.push((test, signal));
    }

    /// The tests and their signals.
    pub fn all(&self) -> &[(Condition, u32)] {
        &self.tests
    }

    /// How they are done while the column has a form.
    pub fn plan(&self, form: Option<NumberForm>, scope: &ValueScope<'_>) -> Arc<ColumnPlan> {
        let mut plans = self.plans.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(plan) = plans.iter().find(|plan| plan.form == form) {
            return Arc::clone(plan);
        }
        let numbers = match form {
            Some(form) => NumberPlan::new(form, &self.tests, scope),
            None => NumberPlan::of_none(self.tests.len()),
        };
        let plan = Arc::new(ColumnPlan {
            form,
            by_value: ClassTests::new(&self.tests, &numbers.others),
            numbers,
        });
        plans.push(Arc::clone(&plan));
        plan
    }
}
