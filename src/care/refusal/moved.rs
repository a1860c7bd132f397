//! Which refusals mean that the page is old, and how one is told where a plan goes on from a later step.

use super::Refusal;

impl Refusal {
    /// The world moved while the page was open: a rival was first, or what the page showed is no longer so. Answered 409.
    pub fn moved(&self) -> bool {
        matches!(
            self,
            Refusal::DraftMoved
                | Refusal::PlanMoved
                | Refusal::ResidentMoved
                | Refusal::PhotoMoved
                | Refusal::ReductionMoved
                | Refusal::EvidenceMoved
                | Refusal::AlreadySigned { .. }
                | Refusal::AlreadyRecorded { .. }
                | Refusal::CorrectedAlready { .. }
                | Refusal::DoseChanged { .. }
                | Refusal::DoseVoid
                | Refusal::PiecesMoved
                | Refusal::CountMoved
                | Refusal::DifferenceEnded { .. }
                | Refusal::FormReused
                | Refusal::SettingsMoved
                | Refusal::NotAway
                | Refusal::AwayAlready { .. }
                | Refusal::HoldNotOn
                | Refusal::OrderSettled
                | Refusal::NextDoseMoved { .. }
                | Refusal::AsNeededMoved { .. }
                | Refusal::AsNeededEndedAlready { .. }
                | Refusal::EffectNoted { .. }
                | Refusal::SignReleased
                | Refusal::AlertMoved
                | Refusal::IncidentAnswered { .. }
                | Refusal::IncidentStruck
        )
    }

    /// The same refusal where the steps that were drafted come after a step of a plan: it names the plan’s own numbers.
    pub fn after_step(self, last: u32) -> Refusal {
        match self {
            Refusal::StepUnmakeable { step, amount, medicine, nearest } => {
                Refusal::StepUnmakeable { step: step + last, amount, medicine, nearest }
            }
            Refusal::NothingSmaller { step, amount, smallest, medicine } => {
                Refusal::NothingSmaller { step: step + last, amount, smallest, medicine }
            }
            Refusal::StepRises { step, from, to } => Refusal::StepRises { step: step + last, from, to },
            Refusal::StepRepeats { step } => Refusal::StepRepeats { step: step + last },
            Refusal::StepDays { step } => Refusal::StepDays { step: step + last },
            Refusal::StepDoses { step } => Refusal::StepDoses { step: step + last },
            Refusal::StepDoseBlank { step, slot } => Refusal::StepDoseBlank { step: step + last, slot },
            other => other,
        }
    }
}
